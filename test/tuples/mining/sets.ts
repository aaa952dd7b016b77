import fc from 'fast-check';
import {dotProducts} from '../../../src/kernels/row-products.js';
import type {MakeRowProducts} from '../../../src/tuples/mining/row-products.js';
import {setOf} from '../sets.js';
import type {Labelled} from './naive.js';

/** Labels with pairs of both kinds; some of them may be there once. */
const labels = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), {minLength: 3, maxLength: 14})
  .filter((list) => new Set(list).size > 1 && new Set(list).size < list.length);

/** Vectors of few values, so that many distances are equal, of any values, or near one another and far from zero. */
const values = fc.constantFrom<fc.Arbitrary<number>>(
  fc.integer({min: -2, max: 2}),
  fc.double({min: -3, max: 3, noNaN: true}),
  fc.double({min: 1000, max: 1000.001, noNaN: true}),
);

/** Small sets without a vector of zeros. */
export const labelledSets: fc.Arbitrary<Labelled> = fc
  .tuple(labels, fc.integer({min: 1, max: 6}), values)
  .chain(([list, dimensions, value]) =>
    fc
      .array(
        fc
          .array(value, {minLength: dimensions, maxLength: dimensions})
          .filter((vector) => Math.max(...vector.map(Math.abs)) > 1e-3),
        {minLength: list.length, maxLength: list.length},
      )
      .map((vectors) => ({set: setOf(vectors), labels: list})),
  );

/** Normal numbers, the same every time. */
export function normals(count: number, seed = 1): number[] {
  let state = seed;
  const even = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  return Array.from({length: count}, () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even()));
}

/** Vectors around a centre for each identity of so many items. */
export function clustered(items: number, dimensions: number, perIdentity: number, spread: number): Labelled {
  const centres = normals(Math.ceil(items / perIdentity) * dimensions, 7);
  const noise = normals(items * dimensions, 8);
  const labelOf = (item: number) => Math.floor(item / perIdentity);
  const vectors = Array.from({length: items}, (_, item) =>
    Array.from(
      {length: dimensions},
      (_value, k) =>
        (centres[labelOf(item) * dimensions + k] as number) + spread * (noise[item * dimensions + k] as number),
    ),
  );
  return {set: setOf(vectors), labels: vectors.map((_, item) => `p${labelOf(item)}`)};
}

/** Products that are as far off as a sum of n float32 products may be, n·u·Σ|x·y|, up or down as it comes. */
export const worstProducts: MakeRowProducts = async (matrix, dimensions) => {
  const values = Float64Array.from(matrix);
  const all = {values, dimensions, first: 0, count: values.length / dimensions};
  const sizes = {...all, values: values.map(Math.abs)};
  const one = new Float64Array(1);
  const product = (range: typeof all, i: number, j: number) => {
    dotProducts({...range, first: i, count: 1}, {...range, first: j, count: 1}, one);
    return one[0] as number;
  };
  return {
    async write(rows, out) {
      rows.forEach((row, i) => {
        for (let j = 0; j < all.count; j++) {
          const error = dimensions * 2 ** -24 * product(sizes, row, j);
          out[i * all.count + j] = product(all, row, j) + ((row * 31 + j * 17) % 3 ? error : -error);
        }
      });
    },
    async close() {},
  };
};
