import {expect, test} from 'vitest';
import {bootstrapMeans} from '../../src/statistics/bootstrap.js';
import {confidenceIntervals} from '../../src/statistics/confidence.js';
import {moments} from '../../src/statistics/moments.js';
import {longValues, reference, relativeError} from './reference.js';

const measured = (values: Float64Array) => ({values, moments: values.length === 0 ? null : moments(values)});

test("above 10,000 values: scipy's normal interval", () => {
  const [long] = confidenceIntervals([measured(longValues())]);
  expect(long?.ci95_method).toBe('normal');
  reference.long.normal.forEach((bound, i) => {
    expect(relativeError(long?.ci95?.[i] ?? Number.NaN, bound)).toBeLessThan(1e-12);
  });
});

test('fewer than two values have none, and columns of any lengths keep their places', () => {
  const [none, one, five, alsoFive] = confidenceIntervals([0, 1, 5, 5].map((n) => measured(longValues(n))));
  expect(none).toEqual({ci95: null, ci95_method: null});
  expect(one).toEqual({ci95: null, ci95_method: null});
  expect(five?.ci95_method).toBe('bootstrap');
  expect(alsoFive).toEqual(five);
});

test('two values have a bootstrap interval, which is that of the column alone', () => {
  const [two, three] = confidenceIntervals([measured(longValues(2)), measured(longValues(3))]);
  expect(two).toEqual({ci95: bootstrapMeans([longValues(2)])[0], ci95_method: 'bootstrap'});
  expect(three).toEqual({ci95: bootstrapMeans([longValues(3)])[0], ci95_method: 'bootstrap'});
});
