import fc from 'fast-check';
import {expect, test} from 'vitest';
import {rowsAt, SubsetSampler} from '../../../src/losses/embedding/subsets.js';

test('a subset has distinct places of the set', () => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 60}).chain((count) => fc.tuple(fc.constant(count), fc.integer({min: 0, max: count}))),
      fc.nat(),
      ([count, size], seed) => {
        const places = [...new SubsetSampler(seed).indices(count, size)];
        expect(places).toHaveLength(size);
        expect(new Set(places).size).toBe(size);
        expect(places.every((place) => place >= 0 && place < count)).toBe(true);
      },
    ),
  );
});

test('every place is as likely as the others, and every pair of places', () => {
  const sampler = new SubsetSampler(3);
  const draws = 6000;
  const places = new Array<number>(6).fill(0);
  let together = 0;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = sampler.indices(6, 3);
    for (const place of drawn) places[place] = (places[place] as number) + 1;
    if (drawn.includes(0) && drawn.includes(5)) together++;
  }
  // Five standard deviations of counts with chance 1/2 and 1/5.
  for (const count of places) expect(Math.abs(count - draws / 2)).toBeLessThan(5 * Math.sqrt(draws / 4));
  expect(Math.abs(together - draws / 5)).toBeLessThan(5 * Math.sqrt(draws * 0.16));
});

test('rows are copied from their places in a range', () => {
  const range = {values: Float64Array.of(0, 0, 1, 2, 3, 4, 5, 6), dimensions: 2, first: 1, count: 3};
  expect(rowsAt(range, Uint32Array.of(2, 0))).toEqual({
    values: Float64Array.of(5, 6, 1, 2),
    dimensions: 2,
    first: 0,
    count: 2,
  });
});
