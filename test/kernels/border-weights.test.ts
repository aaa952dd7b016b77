import fc from 'fast-check';
import {expect, test} from 'vitest';
import {borderWeights} from '../../src/kernels/border-weights.js';
import {nearestInstances} from '../../src/kernels/nearest-instances.js';
import {readNpy} from '../npy.js';
import {type IdImage, image} from './random-image.js';

const formulas = new URL('../../fixtures/formulas/', import.meta.url);

/** Squared distances to the nearest pixel of every instance, sorted. */
function allDistances({width, values}: IdImage, pixel: number): number[] {
  const nearest = new Map<number, number>();
  values.forEach((id, j) => {
    if (id === 0) return;
    const squared = ((pixel % width) - (j % width)) ** 2 + (Math.floor(pixel / width) - Math.floor(j / width)) ** 2;
    nearest.set(id, Math.min(squared, nearest.get(id) ?? Infinity));
  });
  return [...nearest.values(), Infinity, Infinity].sort((a, b) => a - b);
}

test.each([1, 2, 3, 8])('distances to the two nearest of %i instances are those of brute force', (instances) => {
  fc.assert(
    fc.property(image(instances, 12), (made) => {
      const {nearest, second} = nearestInstances(Int32Array.from(made.values), made.height, made.width);
      made.values.forEach((id, i) => {
        const [d1, d2] = id === 0 ? allDistances(made, i) : [0, 0];
        expect([nearest[i], second[i]]).toEqual([d1, d2]);
      });
    }),
    {numRuns: 200},
  );
});

test('few instances, far apart', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(29 * 37 - 1), {minLength: 3, maxLength: 9}), (pixels) => {
      const made = {height: 29, width: 37, values: new Array<number>(29 * 37).fill(0)};
      pixels.forEach((pixel, n) => {
        made.values[pixel] = (n % 4) + 1;
      });
      const {nearest, second} = nearestInstances(Int32Array.from(made.values), 29, 37);
      made.values.forEach((id, i) => {
        const [d1, d2] = id === 0 ? allDistances(made, i) : [0, 0];
        expect([nearest[i], second[i]]).toEqual([d1, d2]);
      });
    }),
    {numRuns: 40},
  );
});

test("the border map of U-Net is scipy's", () => {
  const {data, height, width} = readNpy(new URL('instances.npy', formulas));
  const expected = readNpy(new URL('border-weights.npy', formulas)).data;
  const weights = borderWeights(Int32Array.from(data), height, width, {w0: 10, sigma: 5});
  weights.forEach((weight, i) => {
    expect(Math.abs(1 + weight - (expected[i] as number))).toBeLessThan(1e-6);
  });
});

test('no instance and one instance give no border', () => {
  const options = {w0: 10, sigma: 5};
  expect([...borderWeights(new Int32Array(6), 2, 3, options)]).toEqual(new Array(6).fill(0));
  expect([...borderWeights(Int32Array.from([7, 0, 0, 0, 0, 7]), 2, 3, options)]).toEqual(new Array(6).fill(0));
});
