import type {Distances} from '../../src/tuples/distances.js';
import type {VectorSet} from '../../src/tuples/vectors.js';

/** A set of vectors with keys k0, k1, … */
export function setOf(vectors: readonly (readonly number[])[]): VectorSet {
  return {
    keys: vectors.map((_, i) => `k${i}`),
    dimensions: vectors[0]?.length ?? 0,
    vectors: Float64Array.from(vectors.flat()),
  };
}

/** Every distance, row by row. */
export function matrixOf(distances: Distances): number[][] {
  return Array.from(distances.rows(), (row) => Array.from(row.distances));
}

/** Distances from a matrix. */
export function distancesFrom(matrix: readonly (readonly number[])[]): Distances {
  return {
    count: matrix.length,
    between: (first, second) => matrix[first]?.[second] as number,
    *rows() {
      for (const [index, row] of matrix.entries()) yield {index, distances: Float64Array.from(row)};
    },
  };
}
