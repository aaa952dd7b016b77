import fc from 'fast-check';
import {expect, test} from 'vitest';
import {stretch} from '../../src/kernels/stretch.js';

const side = fc.integer({min: 1, max: 9});

test('a stretched plane is the mean of what each pixel covers', () => {
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.infiniteStream(fc.double({min: -1, max: 1, noNaN: true})),
      (h, w, H, W, of) => {
        const data = Float64Array.from({length: h * w}, () => of.next().value as number);
        const made = stretch({height: h, width: w, data}, H, W);
        // Both sizes divide h·H × w·W, where every old pixel is a block of H×W and every new one of h×w.
        const fine = (row: number, column: number) => data[Math.floor(row / H) * w + Math.floor(column / W)] as number;
        for (let row = 0; row < H; row++) {
          for (let column = 0; column < W; column++) {
            let sum = 0;
            for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) sum += fine(row * h + y, column * w + x);
            expect(made.data[row * W + column]).toBeCloseTo(sum / (h * w), 10);
          }
        }
      },
    ),
    {numRuns: 200},
  );
});
