import fc from 'fast-check';
import {expect, test} from 'vitest';
import {sumOf} from '../../src/statistics/sum.js';
import {relativeError, sets} from './reference.js';

const sum = (values: readonly number[]) => sumOf(values.length, (i) => values[i] ?? Number.NaN);

test.each(sets.filter(([, set]) => set.sum !== null))('%s: the correctly rounded sum', (_, set) => {
  expect(relativeError(sum(set.values), set.sum ?? 0)).toBeLessThanOrEqual(2 ** -52);
});

test('nothing sums to 0, and beyond float64 to Infinity, never NaN', () => {
  expect(sum([])).toBe(0);
  expect(sum([1.7e308, 1.7e308, -1])).toBe(Number.POSITIVE_INFINITY);
  expect(sum([-1.7e308, -1.7e308, 1])).toBe(Number.NEGATIVE_INFINITY);
});

test('is exact where a naive sum loses everything', () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2);
});

test('is the exact sum of integers, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), {maxLength: 50}), (values) => {
      const exact = Number(values.reduce((total, value) => total + BigInt(value), 0n));
      expect(relativeError(sum(values), exact)).toBeLessThanOrEqual(2 ** -52);
      expect(relativeError(sum(values.toReversed()), exact)).toBeLessThanOrEqual(2 ** -52);
    }),
    {numRuns: 1000},
  );
});
