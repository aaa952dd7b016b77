import {expect, test} from 'vitest';
import {bootstrapMeans} from '../../src/statistics/bootstrap.js';
import {moments} from '../../src/statistics/moments.js';
import {longValues, sets} from './reference.js';

const intervalOf = (values: Float64Array) => bootstrapMeans([values])[0] ?? [Number.NaN, Number.NaN];

test.each(sets.filter(([, set]) => set.bootstrap))(
  "%s: scipy's percentile interval within Monte-Carlo error",
  (_, set) => {
    const interval = intervalOf(Float64Array.from(set.values));
    const standardError = (set.std ?? 0) / Math.sqrt(set.values.length);
    // The 2.5 % quantile of 2,000 resampled means has itself a standard error of 0.06 standard errors of the mean.
    for (const side of [0, 1] as const) {
      expect(Math.abs(interval[side] - (set.bootstrap?.[side] ?? Number.NaN))).toBeLessThan(0.25 * standardError);
    }
  },
);

test('the same bounds each time, and beside any other column', () => {
  const values = longValues(500);
  const other = values.map((value) => value ** 3);
  const alone = intervalOf(values);
  expect(bootstrapMeans([other, values, other])[1]).toEqual(alone);
  expect(intervalOf(values)).toEqual(alone);
});

test('draws every row: the interval has the width that the values call for', () => {
  const values = longValues(1003);
  const [low, high] = intervalOf(values);
  const {mean, std} = moments(values);
  const width = (2 * 1.96 * (std ?? 0)) / Math.sqrt(values.length);
  expect((high - low) / width).toBeGreaterThan(0.9);
  expect((high - low) / width).toBeLessThan(1.1);
  expect(low).toBeLessThan(mean);
  expect(high).toBeGreaterThan(mean);
  // Weight on the last row alone shows in the upper bound only if that row is ever drawn.
  const [, upper] = intervalOf(Float64Array.from({length: 10}, (_, i) => (i === 9 ? 1 : 0)));
  expect(upper).toBeGreaterThan(0.2);
});

test('constant and extreme values', () => {
  expect(intervalOf(new Float64Array([0.5, 0.5, 0.5]))).toEqual([0.5, 0.5]);
  const [low, high] = intervalOf(new Float64Array([Number.MAX_VALUE, -Number.MAX_VALUE, 0]));
  expect([low, high]).toEqual([-Number.MAX_VALUE, Number.MAX_VALUE]);
  expect(() => bootstrapMeans([new Float64Array(2), new Float64Array(3)])).toThrow('differ in length');
});
