import type {Options, PlainSample} from './sample.js';
import {weightedMean} from './weighted-mean.js';

/** mean √(d² + ε²). */
export function charbonnier(sample: PlainSample, options: Options): number {
  const epsilon = (options.epsilon as number | undefined) ?? 1e-3;
  return weightedMean(sample, (d) => Math.hypot(d, epsilon));
}
