import fc from 'fast-check';
import {expect, test} from 'vitest';
import {boundaryPixels} from '../../src/kernels/boundary.js';
import {erodeBySquare} from '../../src/kernels/erosion.js';
import {squaredDistancesBetween, surfacePixels} from '../../src/kernels/surface.js';
import {type IdImage, image} from './random-image.js';

const at = ({height, width, values}: IdImage, y: number, x: number): number =>
  y >= 0 && y < height && x >= 0 && x < width ? (values[y * width + x] as number) : 0;

const each = (made: IdImage, value: (y: number, x: number) => boolean): number[] =>
  made.values.map((_, i) => Number(value(Math.floor(i / made.width), i % made.width)));

test('the surface of a mask is where a side neighbour or the image ends it', () => {
  fc.assert(
    fc.property(image(1, 12), (made) => {
      const expected = each(
        made,
        (y, x) =>
          at(made, y, x) === 1 &&
          [at(made, y - 1, x), at(made, y + 1, x), at(made, y, x - 1), at(made, y, x + 1)].includes(0),
      );
      expect([...surfacePixels(Uint8Array.from(made.values), made.height, made.width)]).toEqual(expected);
    }),
    {numRuns: 500},
  );
});

test('distances between two sets of pixels are those of brute force, in any spacing', () => {
  const side = fc.constantFrom(0.5, 1, 2, 0.37);
  const pair = image(1, 10).chain((made) =>
    fc.record({
      from: fc.constant(made),
      to: fc.array(fc.constantFrom(0, 0, 1), {minLength: made.values.length, maxLength: made.values.length}),
      spacing: fc.tuple(side, side),
    }),
  );
  fc.assert(
    fc.property(pair, ({from: {values, height, width}, to, spacing}) => {
      const expected = values.flatMap((set, i) => {
        if (!set) return [];
        const squared = to.map((other, j) => {
          const dy = (Math.floor(i / width) - Math.floor(j / width)) * spacing[0];
          const dx = ((i % width) - (j % width)) * spacing[1];
          return other ? dy * dy + dx * dx : Infinity;
        });
        return [Math.min(...squared)];
      });
      const found = squaredDistancesBetween(Uint8Array.from(values), Uint8Array.from(to), height, width, spacing);
      expect(found).toHaveLength(expected.length);
      expected.forEach((value, i) => {
        if (value === Infinity) expect(found[i]).toBe(Infinity);
        else expect(Math.abs((found[i] as number) - value)).toBeLessThanOrEqual(1e-12 * value);
      });
    }),
    {numRuns: 500},
  );
});

test('erosion by a square is erosion by 3×3 again and again', () => {
  fc.assert(
    fc.property(image(1, 14), fc.integer({min: 1, max: 4}), ({height, width, values}, radius) => {
      // Nearly full, so that something is left.
      let expected: IdImage = {height, width, values: values.map((set, i) => (i % 7 === 3 ? set : 1))};
      const mask = Uint8Array.from(expected.values);
      for (let step = 0; step < radius; step++) {
        const before = expected;
        const around = [-1, 0, 1];
        const kept = (y: number, x: number) => around.every((dy) => around.every((dx) => at(before, y + dy, x + dx)));
        expected = {...before, values: each(before, kept)};
      }
      expect([...erodeBySquare(mask, height, width, radius)]).toEqual(expected.values);
    }),
    {numRuns: 500},
  );
});

test('the boundary map marks pixels that differ from the right, the lower or the lower right one', () => {
  fc.assert(
    fc.property(image(1, 12), (made) => {
      const {height, width} = made;
      const expected = each(made, (y, x) =>
        [
          [0, 1],
          [1, 0],
          [1, 1],
        ].some(([dy = 0, dx = 0]) => y + dy < height && x + dx < width && at(made, y + dy, x + dx) !== at(made, y, x)),
      );
      expect([...boundaryPixels(Uint8Array.from(made.values), height, width)]).toEqual(expected);
    }),
    {numRuns: 500},
  );
});
