import {dotProducts, type RowRange, squaredDistances} from '../kernels/row-products.js';
import {storedVectors, unitVectors, type VectorSet} from './vectors.js';

/**
 * How far apart two vectors are; the smaller, the nearer. `squared-l2`: |x − y|²; `l2`: its root; `cosine`: 1 − cos,
 * whatever the lengths; `negative-dot`: −x·y.
 */
export type Measure = 'squared-l2' | 'l2' | 'cosine' | 'negative-dot';

/** A measure, and whether vectors are divided by their length before it. */
export interface Space {
  readonly measure: Measure;
  readonly normalize: boolean;
}

/** One vector's distances to all, itself included. The array is overwritten by the rows that follow. */
interface DistanceRow {
  readonly index: number;
  readonly distances: Float64Array;
}

/** Distances between the vectors of a set, computed when asked for. */
export interface Distances {
  readonly count: number;
  /** One distance; the same bits as in the rows. */
  between(first: number, second: number): number;
  /** The rows in the order of the set. Takes 32 MiB, or one row where that is more. */
  rows(): Generator<DistanceRow>;
}

const BLOCK_VALUES = 2 ** 22;
const BLOCK_ROWS = 64;

/**
 * The distances in a set. Equal vectors are at 0 (but for `negative-dot`), and d(x, y) = d(y, x) bit for bit.
 * Throws UsageError for a vector that the space cannot take: zeros where lengths are divided by, numbers that overflow.
 */
export function distancesIn(set: VectorSet, {measure, normalize}: Space): Distances {
  const vectors = normalize || measure === 'cosine' ? unitVectors(set, measure !== 'cosine') : storedVectors(set);
  const {count} = vectors;
  const one = new Float64Array(1);
  return {
    count,
    between(first, second) {
      fill({...vectors, first, count: 1}, {...vectors, first: second, count: 1}, measure, one);
      return one[0] as number;
    },
    *rows() {
      const blockRows = Math.max(1, Math.min(BLOCK_ROWS, count, Math.floor(BLOCK_VALUES / count)));
      const block = new Float64Array(blockRows * count);
      for (let first = 0; first < count; first += blockRows) {
        const rows = Math.min(blockRows, count - first);
        fill({...vectors, first, count: rows}, vectors, measure, block);
        for (let i = 0; i < rows; i++) {
          yield {index: first + i, distances: block.subarray(i * count, (i + 1) * count)};
        }
      }
    },
  };
}

function fill(a: RowRange, b: RowRange, measure: Measure, out: Float64Array): void {
  if (measure === 'negative-dot') dotProducts(a, b, out);
  else squaredDistances(a, b, out);
  const convert = CONVERSIONS[measure];
  if (!convert) return;
  for (let i = 0; i < a.count * b.count; i++) out[i] = convert(out[i] as number);
}

/** From what the kernels give. Of unit vectors, 1 − cos = |x − y|² / 2, which is exact where they are near. */
const CONVERSIONS: Readonly<Record<Measure, ((value: number) => number) | null>> = {
  'squared-l2': null,
  l2: Math.sqrt,
  cosine: (squared) => squared / 2,
  'negative-dot': (product) => -product,
};
