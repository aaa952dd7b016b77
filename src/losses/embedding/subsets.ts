import type {RowRange} from '../../kernels/row-products.js';
import {seededBits} from '../../statistics/seeded-bits.js';

/** Draws subsets of rows without replacement; the same for the same seed and calls. */
export class SubsetSampler {
  private readonly random: {next(): number};

  constructor(seed: number) {
    this.random = seededBits(seed);
  }

  /** `size` distinct integers in [0, count), by Fisher and Yates' shuffle cut short; size ≤ count. */
  indices(count: number, size: number): Uint32Array {
    const order = Uint32Array.from({length: count}, (_, i) => i);
    for (let i = 0; i < size; i++) {
      const other = i + Math.floor((this.random.next() >>> 0) * 2 ** -32 * (count - i));
      [order[i], order[other]] = [order[other] as number, order[i] as number];
    }
    return order.slice(0, size);
  }
}

/** Copies of the rows at these places, counted from the range's first. */
export function rowsAt({values, dimensions, first}: RowRange, indices: Uint32Array): RowRange {
  const picked = new Float64Array(indices.length * dimensions);
  indices.forEach((index, i) => {
    const start = (first + index) * dimensions;
    picked.set(values.subarray(start, start + dimensions), i * dimensions);
  });
  return {values: picked, dimensions, first: 0, count: indices.length};
}
