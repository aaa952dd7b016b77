import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {distancesIn, type Measure} from '../../src/tuples/distances.js';
import {matrixOf, setOf} from './sets.js';

const MEASURES: readonly Measure[] = ['squared-l2', 'l2', 'cosine', 'negative-dot'];

const vectorSets = fc.integer({min: 1, max: 9}).chain((dimensions) =>
  fc.array(
    fc
      .array(fc.double({min: -3, max: 3, noNaN: true}), {minLength: dimensions, maxLength: dimensions})
      .filter((vector) => Math.max(...vector.map(Math.abs)) > 1e-6),
    {minLength: 1, maxLength: 11},
  ),
);

const dot = (x: readonly number[], y: readonly number[]) =>
  x.reduce((sum, value, k) => sum + value * (y[k] as number), 0);
const unit = (x: readonly number[]) => x.map((value) => value / Math.sqrt(dot(x, x)));

function slow(x: readonly number[], y: readonly number[], measure: Measure, normalize: boolean): number {
  const [u, v] = normalize || measure === 'cosine' ? [unit(x), unit(y)] : [x, y];
  if (measure === 'negative-dot') return -dot(u, v);
  if (measure === 'cosine') return 1 - dot(u, v);
  const squared = u.reduce((sum, value, k) => sum + (value - (v[k] as number)) ** 2, 0);
  return measure === 'l2' ? Math.sqrt(squared) : squared;
}

describe.each(MEASURES)('%s', (measure) => {
  test('is its formula for every pair, row by row and one by one', () => {
    fc.assert(
      fc.property(vectorSets, fc.boolean(), (vectors, normalize) => {
        const distances = distancesIn(setOf(vectors), {measure, normalize});
        const matrix = matrixOf(distances);
        vectors.forEach((x, i) => {
          vectors.forEach((y, j) => {
            const found = matrix[i]?.[j] as number;
            expect(Math.abs(found - slow(x, y, measure, normalize))).toBeLessThan(1e-12);
            expect(distances.between(i, j)).toBe(found);
            expect(matrix[j]?.[i]).toBe(found);
            if (i === j && measure !== 'negative-dot') expect(found).toBe(0);
          });
        });
      }),
    );
  });
});

test('rows of more than a block are those of one', () => {
  const vectors = Array.from({length: 131}, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 100]);
  const rows = Array.from(
    distancesIn(setOf(vectors), {measure: 'l2', normalize: false}).rows(),
    ({index, distances}) => {
      const far = Array.from(distances);
      return {index, far};
    },
  );
  expect(rows.map(({index}) => index)).toEqual(vectors.map((_, i) => i));
  for (const {index, far} of rows) {
    vectors.forEach((y, j) => {
      expect(far[j]).toBeCloseTo(slow(vectors[index] as number[], y, 'l2', false), 12);
    });
  }
});

test('vectors of any length have a direction but for zeros, which are named', () => {
  const {between} = distancesIn(
    setOf([
      [1e300, 0],
      [0, 1e-300],
      [3e-320, 0],
    ]),
    {measure: 'squared-l2', normalize: true},
  );
  expect([between(0, 1), between(0, 2)]).toEqual([2, 0]);
  const zeros = setOf([[1], [0]]);
  expect(() => distancesIn(zeros, {measure: 'cosine', normalize: false})).toThrow(UsageError);
  expect(() => distancesIn(zeros, {measure: 'l2', normalize: true})).toThrow("embedding of 'k1' is all zeros");
  expect(distancesIn(zeros, {measure: 'l2', normalize: false}).between(0, 1)).toBe(1);
});
