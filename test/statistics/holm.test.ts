import {expect, test} from 'vitest';
import {holmAdjusted} from '../../src/statistics/holm.js';
import {comparison} from './comparison.js';

test.each(comparison.holm)("$p: statsmodels' adjusted values", ({p, adjusted}) => {
  const made = holmAdjusted(p);
  expect(made).toHaveLength(adjusted.length);
  made.forEach((value, i) => {
    expect(value).toBeCloseTo(adjusted[i] ?? Number.NaN, 14);
  });
});
