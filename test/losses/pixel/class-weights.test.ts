import {expect, test} from 'vitest';
import {balancedWeights} from '../../../src/losses/pixel/class-weights.js';

const counts = (pixels: readonly number[], imagePixels: readonly number[]) => ({
  pixels: Float64Array.from(pixels),
  imagePixels: Float64Array.from(imagePixels),
});

test('balanced: all pixels over those of a class times the classes seen; a class without pixels weighs nothing', () => {
  expect(balancedWeights(counts([10, 0, 30], [100, 0, 100]), 'balanced')).toEqual([2, 0, 40 / 60]);
});

test.each([
  ['an odd number of classes', [10, 40, 20], [100, 100, 50], [4, 1, 1]],
  ['an even number', [10, 30], [100, 100], [2, 2 / 3]],
  ['one without pixels, which does not count', [10, 0, 30], [100, 0, 50], [3.5, 0, 0.35 / 0.6]],
])('median-frequency: %s', (_, pixels, imagePixels, expected) => {
  const made = balancedWeights(counts(pixels, imagePixels), 'median-frequency');
  expect(made).toHaveLength(expected.length);
  expected.forEach((weight, i) => {
    expect(made[i]).toBeCloseTo(weight, 12);
  });
});
