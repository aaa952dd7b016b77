import fc from 'fast-check';
import {expect, test} from 'vitest';
import {rootVariation, variation} from '../../src/kernels/variation.js';
import type {View} from '../../src/kernels/view.js';
import {kinds, noiseView, shapes, valuesOf} from './views.js';

/** Σ f(dx, dy) over rows, columns and channels. */
function direct(view: View, f: (dx: number, dy: number) => number): number {
  const {height, width, channels} = view;
  const values = valuesOf(view);
  const at = (row: number, column: number, channel: number) =>
    values[(row * width + column) * channels + channel] as number;
  let sum = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let channel = 0; channel < channels; channel++) {
        const own = at(row, column, channel);
        const dx = column + 1 < width ? at(row, column + 1, channel) - own : 0;
        const dy = row + 1 < height ? at(row + 1, column, channel) - own : 0;
        sum += f(dx, dy);
      }
    }
  }
  return sum;
}

function expectDirect(view: View, blockBytes?: number): void {
  const near = (sum: number, f: (dx: number, dy: number) => number) => {
    const expected = direct(view, f);
    expect(Math.abs(sum - expected)).toBeLessThanOrEqual(1e-11 * expected + 1e-13);
  };
  const {absolute, squared} = variation(view, blockBytes);
  near(absolute, (dx, dy) => Math.abs(dx) + Math.abs(dy));
  near(squared, (dx, dy) => dx ** 2 + dy ** 2);
  near(rootVariation(view, blockBytes), Math.hypot);
}

test('any image, whole and in blocks of rows and columns', () => {
  fc.assert(
    fc.property(shapes, kinds, fc.nat(1e6), (shape, kind, seed) => {
      const view = noiseView(shape, kind, seed);
      expectDirect(view);
      expectDirect(view, 16 * 8 * 7);
    }),
    {numRuns: 200},
  );
});

test('rows longer than a step of the kernel', () => {
  for (const kind of ['bytes', 'words', 'floats'] as const) expectDirect(noiseView([5, 70, 3], kind, 3));
});
