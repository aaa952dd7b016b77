import {describe, expect, test} from 'vitest';
import {deviationsFrom} from '../../src/statistics/deviations.js';

function of(mean: number, ...values: number[]) {
  const {scaled, ...rest} = deviationsFrom(mean, Float64Array.from(values));
  return {scaled: values.map(scaled), ...rest};
}

test.each([
  ['plain', [1, 2, 6], 3],
  ['at the lower bound', [-1e-140, 1e-140], 0],
  ['at the upper bound', [-1e140, 1e140], 0],
  ['all the same', [5, 5], 5],
])('%s: the differences themselves', (_, values, mean) => {
  const {scaled, at, unscaled} = of(mean, ...values);
  expect(scaled).toEqual(values.map((value) => value - mean));
  values.forEach((value, i) => {
    expect(at(scaled[i] as number)).toBe(value);
    expect(unscaled(scaled[i] as number)).toBe(value - mean);
  });
});

describe('outside these bounds the largest is 1', () => {
  test.each([
    ['below', [-4e-150, 2e-150], 0],
    ['above', [-4e150, 2e150], 0],
    ['next below', [-0.9e-140, 0.45e-140], 0],
    ['next above', [-1.1e140, 0.55e140], 0],
  ])('%s', (_, values, mean) => {
    const {scaled, at, unscaled} = of(mean, ...values);
    expect(scaled).toEqual([-1, 0.5]);
    expect(at(-1)).toBe(values[0]);
    expect(unscaled(0.5)).toBe(values[1]);
  });
});

test('from one end of float64 to the other, where a difference overflows', () => {
  const largest = Number.MAX_VALUE;
  const {scaled, at, unscaled} = of(-largest, largest, -largest, 0);
  expect(scaled).toEqual([1, 0, 0.5]);
  expect([at(1), at(0), at(0.5)]).toEqual([largest, -largest, 0]);
  expect(unscaled(0.5)).toBe(largest);
  expect(unscaled(0.25)).toBe(largest / 2);
});

test('one value past 2¹⁰²² is enough for halves, on either side', () => {
  for (const value of [1.5 * 2 ** 1023, -1.5 * 2 ** 1023]) {
    const {scaled, at} = of(-value, value);
    expect(scaled).toEqual([Math.sign(value)]);
    expect(at(Math.sign(value))).toBe(value);
  }
});
