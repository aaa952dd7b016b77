import type {PlainSample} from './sample.js';
import {weightedMean} from './weighted-mean.js';

/** mean ln cosh d: ln(1 + 2 sinh²(d/2)), and |d| − ln 2 where cosh overflows. */
export function logCosh(sample: PlainSample): number {
  return weightedMean(sample, (d) =>
    Math.abs(d) > 300 ? Math.abs(d) - Math.LN2 : Math.log1p(2 * Math.sinh(d / 2) ** 2),
  );
}
