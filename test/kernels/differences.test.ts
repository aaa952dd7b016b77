import fc from 'fast-check';
import {expect, test} from 'vitest';
import {differenceSums} from '../../src/kernels/differences.js';
import type {View} from '../../src/kernels/view.js';
import {kinds, noiseView, type Shape, shapes, valuesOf, viewOf} from './views.js';

/** Σ f(x − y) in the order of the elements. */
function direct(x: View, y: View, f: (difference: number) => number): number {
  const others = valuesOf(y);
  return valuesOf(x).reduce((sum, value, i) => sum + f(value - (others[i] as number)), 0);
}

const logCosh = (d: number) => Math.log(Math.cosh(d));

function expectDirect(x: View, y: View): void {
  const sums = differenceSums(x, y);
  const near = (sum: number, f: (difference: number) => number) => {
    const expected = direct(x, y, f);
    expect(Math.abs(sum - expected)).toBeLessThanOrEqual(1e-11 * Math.abs(expected) + 1e-13);
  };
  near(sums.absolute, Math.abs);
  near(sums.squared, (d) => d ** 2);
  near(sums.of(logCosh), logCosh);
}

test('any two images, against sums element by element', () => {
  fc.assert(
    fc.property(shapes, kinds, kinds, fc.nat(1e6), (shape, kind, other, seed) => {
      expectDirect(noiseView(shape, kind, seed), noiseView(shape, kind, seed + 1));
      expectDirect(noiseView(shape, kind, seed), noiseView(shape, other, seed + 1));
    }),
    {numRuns: 200},
  );
});

/** More than a block, and no multiple of anything. */
const long: Shape = [397, 691, 1];

test.each([
  ['bytes', 255],
  ['words', 65_535],
] as const)('the largest differences of many %s are exact', (kind, largest) => {
  const level = (value: number) => ({...viewOf(long, kind, new Float64Array(397 * 691).fill(value)), scale: 1});
  const sums = differenceSums(level(largest), level(0));
  expect(sums.absolute).toBe(397 * 691 * largest);
  expect(sums.squared).toBe(397 * 691 * largest ** 2);
  expect(sums.of((d) => Number(d === largest))).toBe(397 * 691);
});

test.each(['bytes', 'words', 'floats'] as const)('more %s than one block holds', (kind) => {
  expectDirect(noiseView(long, kind, 1), noiseView(long, kind, 2));
});

test('NaN stays', () => {
  const x = viewOf([1, 3, 1], 'floats', [0, Number.NaN, 1]);
  expect(differenceSums(x, viewOf([1, 3, 1], 'floats', [0, 0, 0])).squared).toBeNaN();
});
