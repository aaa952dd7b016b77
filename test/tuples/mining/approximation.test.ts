import fc from 'fast-check';
import {expect, test} from 'vitest';
import {distancesIn} from '../../../src/tuples/distances.js';
import {approximate} from '../../../src/tuples/mining/approximation.js';
import {ExactDistances} from '../../../src/tuples/mining/exact-distances.js';
import {storedVectors} from '../../../src/tuples/vectors.js';
import {setOf} from '../sets.js';
import {labelledSets, normals, worstProducts} from './sets.js';

async function products(vectors: Float32Array, dimensions: number): Promise<Float32Array> {
  const count = vectors.length / dimensions;
  const out = new Float32Array(count * count);
  const made = await worstProducts(vectors, dimensions);
  await made.write(
    Int32Array.from({length: count}, (_, i) => i),
    out,
  );
  return out;
}

test('distances from the worst float32 products are within the error of the exact ones', () =>
  fc.assert(
    fc.asyncProperty(labelledSets, fc.constantFrom(1, 1e-30, 1e30), async ({set}, scale) => {
      const scaled = {...set, vectors: set.vectors.map((value) => value * scale)};
      const rows = storedVectors(scaled);
      const {vectors, squares, scale: factor, errors} = approximate(rows);
      const exact = new ExactDistances(rows, 'squared-l2');
      const found = await products(vectors, set.dimensions);
      for (let i = 0; i < rows.count; i++) {
        for (let j = 0; j < rows.count; j++) {
          const about =
            (squares[i] as number) + (squares[j] as number) - factor * (found[i * rows.count + j] as number);
          expect(Math.abs(about - exact.squared(i, j))).toBeLessThanOrEqual(errors[i] as number);
        }
      }
    }),
    {numRuns: 60},
  ));

test('the error is small beside the distances: 128 dimensions, unit length', () => {
  const noise = normals(50 * 128);
  const vectors = Array.from({length: 50}, (_, i) => noise.slice(i * 128, (i + 1) * 128));
  const lengths = vectors.map((vector) => Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0)));
  const {errors} = approximate(
    storedVectors(setOf(vectors.map((vector, i) => vector.map((value) => value / (lengths[i] as number))))),
  );
  for (const error of errors) expect(error).toBeLessThan(3e-5);
});

test.each(['squared-l2', 'l2', 'cosine'] as const)('%s: the bits of distancesIn, and back to squares', (measure) => {
  fc.assert(
    fc.property(labelledSets, ({set}) => {
      const rows = storedVectors(set);
      const exact = new ExactDistances(rows, measure);
      for (let i = 0; i < rows.count; i++) {
        const distance = exact.between(0, i);
        if (measure !== 'cosine') expect(distance).toBe(distancesIn(set, {measure, normalize: false}).between(0, i));
        expect(Math.abs(exact.toSquared(distance) - exact.squared(0, i))).toBeLessThanOrEqual(
          1e-15 * exact.squared(0, i),
        );
      }
    }),
    {numRuns: 40},
  );
});
