import {expect, test} from 'vitest';
import {bootstrapMeans} from '../../src/statistics/bootstrap.js';
import {moments} from '../../src/statistics/moments.js';
import {longValues, sets} from './reference.js';
import {slowBits} from './slow-bits.js';

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

/** The interval written from its definition: rows drawn by 32 bits each, means, and quantiles by rank. */
function slowInterval(values: readonly number[], resamples: number): [number, number] {
  const next = slowBits(20_240_501);
  const means = Array.from({length: resamples}, () => {
    const rows = values.map(() => Number((BigInt(next()) * BigInt(values.length)) >> 32n));
    return rows.reduce((sum, row) => sum + (values[row] as number), 0) / values.length;
  }).sort((a, b) => a - b);
  const at = (q: number) => {
    const rank = q * (resamples - 1);
    const [low, high] = [means[Math.floor(rank)] as number, means[Math.ceil(rank)] as number];
    return low + (rank - Math.floor(rank)) * (high - low);
  };
  return [at(0.025), at(0.975)];
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 13])('%s values: the interval as it is defined', (count) => {
  const values = Array.from(longValues(count), (value) => value ** 2 - 0.3);
  const [low, high] = slowInterval(values, 300);
  const [made = [Number.NaN, Number.NaN]] = bootstrapMeans([Float64Array.from(values)], 300);
  expect(made[0]).toBeCloseTo(low, 12);
  expect(made[1]).toBeCloseTo(high, 12);
});

test('2,000 resamples unless said, of each column by itself; no column, no interval', () => {
  const columns = [longValues(9), longValues(9).map((value) => -3 * value)];
  const made = bootstrapMeans(columns);
  columns.forEach((values, i) => {
    const [low, high] = slowInterval([...values], 2000);
    expect(made[i]?.[0]).toBeCloseTo(low, 12);
    expect(made[i]?.[1]).toBeCloseTo(high, 12);
  });
  expect(bootstrapMeans([])).toEqual([]);
});

test('bounds lie among the values, whatever rounding does', () => {
  for (let i = 1; i < 40; i++) {
    const value = i / 10;
    const [low, high] = intervalOf(Float64Array.from({length: 7}, () => value));
    expect([low, high]).toEqual([value, value]);
  }
});
