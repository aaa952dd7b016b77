import {expect, test} from 'vitest';
import {bootstrapMeans} from '../../src/statistics/bootstrap.js';
import {signFlipTest} from '../../src/statistics/sign-flip.js';
import {comparison} from './comparison.js';

const sets = Object.entries(comparison.sign_flip).map(([name, set]) => ({name, ...set}));

test.each(sets)("$name: scipy's p-values", ({differences, greater, less}) => {
  const made = signFlipTest(Float64Array.from(differences));
  const exact = differences.length <= 13;
  expect(made.method).toBe(exact ? 'exact' : 'draws');
  // Four standard errors of a share of 10,000 draws.
  const within = (p: number) => (exact ? 1e-12 : 4 * Math.sqrt((p * (1 - p)) / 10_000) + 1e-4);
  expect(Math.abs(made.greater - greater)).toBeLessThanOrEqual(within(greater));
  expect(Math.abs(made.less - less)).toBeLessThanOrEqual(within(less));
});

test.each(sets.filter(({bootstrap}) => bootstrap))("$name: scipy's bootstrap interval", ({differences, bootstrap}) => {
  const values = Float64Array.from(differences);
  const [[low, high] = [0, 0]] = bootstrapMeans([values], 10_000);
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / differences.length);
  // A 2.5 % quantile of 10,000 normal draws has a standard error of 0.027 of their deviation; four of these.
  const within = (4 * 0.027 * deviation) / Math.sqrt(differences.length);
  expect(Math.abs(low - (bootstrap?.[0] ?? Number.NaN))).toBeLessThan(within);
  expect(Math.abs(high - (bootstrap?.[1] ?? Number.NaN))).toBeLessThan(within);
});

test('the same differences give the same p-values; others than zero are mirrored by their negatives', () => {
  const values = Float64Array.from({length: 40}, (_, i) => Math.sin(i * i));
  expect(signFlipTest(values)).toEqual(signFlipTest(values));
  const mirrored = signFlipTest(values.map((value) => -value));
  expect(Math.abs(mirrored.less - signFlipTest(values).greater)).toBeLessThan(0.02);
});

test('no differences: a mistake of the caller', () => {
  expect(() => signFlipTest(new Float64Array())).toThrow(RangeError);
});
