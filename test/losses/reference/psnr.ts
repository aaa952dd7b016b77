import type {Options, PlainSample} from './sample.js';
import {weightedMean} from './weighted-mean.js';

/** 10·log10(R²/mse), R the width of range. */
export function psnr(sample: PlainSample, options: Options): number {
  const [low, high] = (options.range as [number, number] | undefined) ?? [0, 1];
  return 10 * Math.log10((high - low) ** 2 / weightedMean(sample, (d) => d * d));
}
