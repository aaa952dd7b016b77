import {UsageError} from '../errors.js';
import type {RowRange} from '../kernels/row-products.js';

/** Named vectors of one dimension, row-major and finite. */
export interface VectorSet {
  readonly keys: readonly string[];
  readonly dimensions: number;
  readonly vectors: Float64Array;
}

const unit = new WeakMap<VectorSet, Float64Array>();

/**
 * All vectors as rows, each divided by its Euclidean length. Throws UsageError for a vector of zeros, which says whether
 * there is a choice not to normalize.
 */
export function unitVectors(set: VectorSet, isChoice = true): RowRange {
  let values = unit.get(set);
  if (!values) {
    values = divideByLength(set, isChoice);
    unit.set(set, values);
  }
  return {values, dimensions: set.dimensions, first: 0, count: set.keys.length};
}

/** All vectors as rows, as they are. Throws UsageError where a vector is so long that distances overflow float64. */
export function storedVectors({keys, vectors, dimensions}: VectorSet): RowRange {
  keys.forEach((key, i) => {
    let squares = 0;
    for (let at = i * dimensions; at < (i + 1) * dimensions; at++) squares += (vectors[at] as number) ** 2;
    // (|x| + |y|)² is at most 4·max(|x|², |y|²).
    if (!Number.isFinite(4 * squares)) {
      throw new UsageError(
        'CVL-V011',
        `embedding of '${key}' is too long for distances in float64: rescale it, or normalize`,
      );
    }
  });
  return {values: vectors, dimensions, first: 0, count: keys.length};
}

function divideByLength({keys, vectors, dimensions}: VectorSet, isChoice: boolean): Float64Array {
  const values = Float64Array.from(vectors);
  keys.forEach((key, i) => {
    const row = values.subarray(i * dimensions, (i + 1) * dimensions);
    // By the largest element first, so that squares neither overflow nor vanish.
    const largest = row.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
    if (largest === 0) {
      const otherwise = isChoice ? ', or do not normalize' : '';
      throw new UsageError(
        'CVL-V011',
        `embedding of '${key}' is all zeros and has no direction: leave it out${otherwise}`,
      );
    }
    let squares = 0;
    for (const value of row) squares += (value / largest) ** 2;
    const length = Math.sqrt(squares);
    for (let k = 0; k < dimensions; k++) row[k] = (row[k] as number) / largest / length;
  });
  return values;
}
