import fc from 'fast-check';
import {expect, test} from 'vitest';
import {squaredDistances} from '../../src/kernels/distance-transform.js';
import {image} from './random-image.js';

/** The nearest set pixel, by looking at all of them. */
function bruteForce(mask: readonly number[], height: number, width: number): number[] {
  return Array.from({length: height * width}, (_, i) => {
    let nearest = Infinity;
    mask.forEach((set, j) => {
      const dx = (i % width) - (j % width);
      const dy = Math.floor(i / width) - Math.floor(j / width);
      if (set) nearest = Math.min(nearest, dx * dx + dy * dy);
    });
    return nearest;
  });
}

test('squared distances are those of brute force', () => {
  fc.assert(
    fc.property(image(1, 14), ({height, width, values}) => {
      expect([...squaredDistances(values, height, width)]).toEqual(bruteForce(values, height, width));
    }),
    {numRuns: 300},
  );
});

test('a sparse mask: a few pixels far apart', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40 * 60 - 1), {minLength: 1, maxLength: 4}), (set) => {
      const mask = new Array<number>(40 * 60).fill(0);
      for (const i of set) mask[i] = 1;
      expect([...squaredDistances(mask, 40, 60)]).toEqual(bruteForce(mask, 40, 60));
    }),
    {numRuns: 30},
  );
});

test('an empty mask is infinitely far, a full one nowhere far', () => {
  expect([...squaredDistances([0, 0, 0, 0, 0, 0], 2, 3)]).toEqual(new Array(6).fill(Infinity));
  expect([...squaredDistances([1, 1, 1, 1, 1, 1], 2, 3)]).toEqual(new Array(6).fill(0));
});

test('a long row stays exact', () => {
  const width = 20_000;
  const mask = new Uint8Array(width);
  mask[0] = 1;
  const distances = squaredDistances(mask, 1, width);
  expect(distances[width - 1]).toBe((width - 1) ** 2);
});

test('distances in units of a spacing are those of brute force', () => {
  const side = fc.constantFrom(0.5, 1, 1.7, 3);
  fc.assert(
    fc.property(image(1, 12), fc.tuple(side, side), ({height, width, values}, spacing) => {
      const found = squaredDistances(values, height, width, spacing);
      values.forEach((_, i) => {
        let nearest = Infinity;
        values.forEach((set, j) => {
          const dy = (Math.floor(i / width) - Math.floor(j / width)) * spacing[0];
          const dx = ((i % width) - (j % width)) * spacing[1];
          if (set) nearest = Math.min(nearest, dy * dy + dx * dx);
        });
        if (nearest === Infinity) expect(found[i]).toBe(Infinity);
        else expect(Math.abs((found[i] as number) - nearest)).toBeLessThanOrEqual(1e-12 * nearest);
      });
    }),
    {numRuns: 300},
  );
});
