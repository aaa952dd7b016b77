import type {PlainSample} from './sample.js';
import {weightedMean} from './weighted-mean.js';

/** √(mean (x − y)²). */
export function rmse(sample: PlainSample): number {
  return Math.sqrt(weightedMean(sample, (d) => d * d));
}
