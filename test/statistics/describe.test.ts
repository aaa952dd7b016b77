import {expect, test} from 'vitest';
import {bootstrapMeans} from '../../src/statistics/bootstrap.js';
import {describeColumns} from '../../src/statistics/describe.js';
import {longValues, relativeError, sets} from './reference.js';

test.each(sets)('%s: every statistic in its place', (_, set) => {
  const [description] = describeColumns([Float64Array.from(set.values)]);
  const [min, , p05, p25, median, p75, p95, , max] = set.quantiles;
  const expected = {mean: set.mean, std: set.std, min, p05, p25, median, p75, p95, max};
  for (const [name, value] of Object.entries(expected)) {
    const actual = description?.[name as keyof typeof expected];
    if (value === null) expect(actual).toBeNull();
    else expect(relativeError(actual ?? Number.NaN, value ?? 0), name).toBeLessThan(1e-14);
  }
});

test('no values: nothing to say', () => {
  const [empty] = describeColumns([new Float64Array()]);
  expect(new Set(Object.values(empty ?? {}))).toEqual(new Set([null]));
});

test('a statistic that rounds to zero is +0, the only zero that JSON can write', () => {
  const [description] = describeColumns([Float64Array.of(-4.4e-323, 4e-323)]);
  expect(description?.mean).toBe(0);
  const numbers = Object.values(description ?? {}).flat();
  expect(numbers.filter((value) => Object.is(value, -0))).toEqual([]);
});

test('the interval of the mean, each column its own', () => {
  const columns = [longValues(20), longValues(30), new Float64Array(1)];
  const intervals = describeColumns(columns).map(({ci95, ci95_method}) => [ci95, ci95_method]);
  expect(intervals).toEqual([
    [bootstrapMeans([longValues(20)])[0], 'bootstrap'],
    [bootstrapMeans([longValues(30)])[0], 'bootstrap'],
    [null, null],
  ]);
});
