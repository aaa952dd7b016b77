import {expect, test} from 'vitest';
import {holmAdjusted} from '../../src/statistics/holm.js';
import {comparison} from './comparison.js';

test.each(comparison.holm)("$p: statsmodels' adjusted values", ({p, adjusted}) => {
  const made = holmAdjusted(p);
  expect(made).toHaveLength(adjusted.length);
  // From the reference, since what was never set in an array is passed over.
  adjusted.forEach((value, i) => {
    expect(made[i]).toBeCloseTo(value, 14);
  });
});
