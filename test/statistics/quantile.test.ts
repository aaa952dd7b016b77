import fc from 'fast-check';
import {expect, test} from 'vitest';
import {ascending, quantile} from '../../src/statistics/quantile.js';
import {reference, relativeError, sets} from './reference.js';

test.each(sets)("%s: numpy's default quantiles", (_, set) => {
  const sorted = ascending(Float64Array.from(set.values));
  reference.probabilities.forEach((probability, i) => {
    expect(relativeError(quantile(sorted, probability), set.quantiles[i] ?? Number.NaN)).toBeLessThan(3e-16);
  });
});

test('sorts by value, in an array of its own', () => {
  const values = new Float64Array([10, 9, -1]);
  expect([...ascending(values)]).toEqual([-1, 9, 10]);
  expect([...values]).toEqual([10, 9, -1]);
});

test('rises with q and stays within the values, whatever they are', () => {
  const values = fc.array(fc.double({noNaN: true, noDefaultInfinity: true}), {minLength: 1, maxLength: 20});
  const q = fc.double({min: 0, max: 1, noNaN: true});
  fc.assert(
    fc.property(values, q, q, (numbers, a, b) => {
      const sorted = ascending(Float64Array.from(numbers));
      const [low, high] = [quantile(sorted, Math.min(a, b)), quantile(sorted, Math.max(a, b))];
      expect(low).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(quantile(sorted, 0));
      expect(high).toBeLessThanOrEqual(quantile(sorted, 1));
    }),
    {numRuns: 1000},
  );
});

test('refuses no values and a q outside [0, 1]', () => {
  expect(() => quantile(new Float64Array(), 0.5)).toThrow('at least one value');
  expect(() => quantile(new Float64Array([1]), 1.1)).toThrow('q in [0, 1]');
  expect(() => quantile(new Float64Array([1]), Number.NaN)).toThrow('q in [0, 1]');
});

test('of equal values, any quantile is that value to the bit', () => {
  const values = fc.double({noNaN: true, noDefaultInfinity: true}).filter((value) => !Object.is(value, -0));
  fc.assert(
    fc.property(values, fc.double({min: 0, max: 1, noNaN: true}), (value, q) => {
      expect(quantile(Float64Array.of(value, value, value, value), q)).toBe(value);
    }),
    {numRuns: 500},
  );
});

test('a q below 0 is refused', () => {
  expect(() => quantile(new Float64Array([1]), -0.1)).toThrow('q in [0, 1]');
});
