import type {Options, PlainSample} from './sample.js';
import {weightedMean} from './weighted-mean.js';

/** ½d² for |d| ≤ δ, else δ(|d| − ½δ); mean. */
export function huber(sample: PlainSample, options: Options): number {
  const delta = (options.delta as number | undefined) ?? 1;
  return weightedMean(sample, (d) => (Math.abs(d) <= delta ? 0.5 * d * d : delta * (Math.abs(d) - 0.5 * delta)));
}
