import type {PlainSample} from './sample.js';
import {weightedMean} from './weighted-mean.js';

/** mean (x − y)². */
export function mse(sample: PlainSample): number {
  return weightedMean(sample, (d) => d * d);
}
