import fc from 'fast-check';
import {expect, test} from 'vitest';
import {bettiNumbers} from '../../src/kernels/betti.js';
import {floodBetti} from './flood-fill.js';
import {maskGeometry} from './mask-geometry.js';
import {image} from './random-image.js';

test.each([4, 8] as const)('%i-connected: Betti numbers are those of a flood fill', (connectivity) => {
  fc.assert(
    fc.property(image(1, 18), ({height, width, values}) => {
      expect(bettiNumbers(Uint8Array.from(values), height, width, connectivity)).toEqual(
        floodBetti(values, height, width, connectivity),
      );
    }),
    {numRuns: 1000},
  );
});

test.each([4, 8] as const)('%i-connected: long runs too', (connectivity) => {
  fc.assert(
    fc.property(image(1, 8), fc.integer({min: 3, max: 9}), ({height, width, values}, times) => {
      const stretched = values.flatMap((value) => Array<number>(times).fill(value));
      expect(bettiNumbers(Uint8Array.from(stretched), height, times * width, connectivity)).toEqual(
        floodBetti(stretched, height, times * width, connectivity),
      );
    }),
    {numRuns: 200},
  );
});

test.each([
  ['8/4', 8],
  ['4/8', 4],
] as const)('%s: Betti numbers are those of scikit-image', (name, connectivity) => {
  for (const {pred, target, height, width, betti} of maskGeometry().cases) {
    const found = [pred, target].map((mask) => bettiNumbers(mask, height, width, connectivity));
    expect(found.map(({beta0, beta1}) => [beta0, beta1])).toEqual(betti[name]);
  }
});

test('a diagonal ring has a hole only where background pixels do not leak through corners', () => {
  const ring = Uint8Array.from('010101010', Number);
  expect(bettiNumbers(ring, 3, 3, 8)).toEqual({beta0: 1, beta1: 1});
  expect(bettiNumbers(ring, 3, 3, 4)).toEqual({beta0: 4, beta1: 0});
});

test('background at the edge of a full mask is no hole', () => {
  expect(bettiNumbers(Uint8Array.from('111101111', Number), 3, 3, 8)).toEqual({beta0: 1, beta1: 1});
  expect(bettiNumbers(Uint8Array.from('101111111', Number), 3, 3, 8)).toEqual({beta0: 1, beta1: 0});
});
