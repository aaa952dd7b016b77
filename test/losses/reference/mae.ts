import type {PlainSample} from './sample.js';
import {weightedMean} from './weighted-mean.js';

/** mean |x − y|. */
export function mae(sample: PlainSample): number {
  return weightedMean(sample, (d) => (d < 0 ? -d : d));
}
