import fc from 'fast-check';
import {expect, test} from 'vitest';
import {moments} from '../../src/statistics/moments.js';
import {longValues, reference, relativeError, sets} from './reference.js';

test.each(sets)('%s: mean and n − 1 deviation as exact rationals give', (_, set) => {
  const {mean, std} = moments(Float64Array.from(set.values));
  expect(relativeError(mean, set.mean)).toBeLessThan(4e-16);
  if (set.std === null) expect(std).toBeNull();
  else expect(relativeError(std ?? Number.NaN, set.std)).toBeLessThan(1e-14);
});

test('10,001 values', () => {
  const {mean, std} = moments(longValues());
  expect(relativeError(mean, reference.long.mean)).toBeLessThan(4e-16);
  expect(relativeError(std ?? 0, reference.long.std)).toBeLessThan(1e-14);
});

test('the largest values do not overflow, and no value is an error', () => {
  expect(moments(new Float64Array([Number.MAX_VALUE, Number.MAX_VALUE]))).toEqual({mean: Number.MAX_VALUE, std: 0});
  expect(() => moments(new Float64Array())).toThrow('at least one value');
});

test('shift and scale: the mean follows both, the deviation only the scale', () => {
  const values = fc.array(fc.integer({min: -1e6, max: 1e6}), {minLength: 2, maxLength: 30});
  fc.assert(
    fc.property(values, fc.integer({min: -1e6, max: 1e6}), (integers, shift) => {
      const before = moments(Float64Array.from(integers));
      const after = moments(Float64Array.from(integers, (value) => 4 * (value + shift)));
      expect(after.mean).toBeCloseTo(4 * (before.mean + shift), 6);
      expect(after.std).toBeCloseTo(4 * (before.std ?? Number.NaN), 6);
    }),
  );
});
