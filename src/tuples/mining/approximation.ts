import type {RowRange} from '../../kernels/row-products.js';

/**
 * Float32 copies of vectors whose products give their squared distances within a known error:
 * | squares[i] + squares[j] − scale·(xᵢ·xⱼ) − |x − y|² | ≤ errors[i], for a product summed in float32 in any order, and
 * |x − y|² as float64 gives it.
 */
export interface Approximation {
  readonly vectors: Float32Array;
  readonly dimensions: number;
  readonly squares: Float64Array;
  readonly scale: number;
  readonly errors: Float64Array;
}

/** Half of float32's spacing at 1. */
const UNIT = 2 ** -24;
/** Longest vectors, as powers of two, whose squares and distances stay far from the ends of float64. */
const SMALLEST = -400;
const LARGEST = 500;
/** Dimensions to which the error of a sum stays linear. */
const MOST_DIMENSIONS = 2 ** 17;
/** For what float64 rounds off, roots that are squared again included. */
const SLACK = 2 ** -40;

/**
 * Approximates rows. They are moved by their mean, which keeps distances and shortens vectors, and divided by a power of
 * two that leaves no vector longer than 1. Where no bound can be told, all errors are infinite.
 *
 * Source of the bound, γₙ = n·u / (1 − n·u) for a product of n terms: Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd edition, section 3.1.
 */
export function approximate({values, dimensions, count}: RowRange): Approximation {
  const mean = meanOf(values, dimensions, count);
  const squares = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < dimensions; k++) sum += ((values[i * dimensions + k] as number) - (mean[k] as number)) ** 2;
    squares[i] = sum;
  }
  const longest = Math.sqrt(squares.reduce((high, square) => Math.max(high, square), 0));
  const exponent = longest > 0 ? Math.ceil(Math.log2(longest)) + 1 : 0;
  const vectors = new Float32Array(count * dimensions);
  const usable = exponent >= SMALLEST && exponent <= LARGEST && dimensions <= MOST_DIMENSIONS;
  if (!usable) {
    return {vectors, dimensions, squares: squares.fill(0), scale: 0, errors: new Float64Array(count).fill(Infinity)};
  }
  const factor = 2 ** -exponent;
  for (let i = 0; i < vectors.length; i++) {
    vectors[i] = ((values[i] as number) - (mean[i % dimensions] as number)) * factor;
  }
  const scale = 2 * 2 ** (2 * exponent);
  const errors = squares.map((square) => {
    const length = Math.sqrt(square);
    const products = 2.1 * (dimensions + 4) * UNIT * length * longest;
    // Products and parts below float32's range are lost.
    const vanished = scale * dimensions * 2 ** -124;
    return products + vanished + (SLACK + dimensions * 2 ** -50) * (length + longest) ** 2;
  });
  return {vectors, dimensions, squares, scale, errors};
}

function meanOf(values: Float64Array, dimensions: number, count: number): Float64Array {
  const mean = new Float64Array(dimensions);
  for (let i = 0; i < count * dimensions; i++) {
    mean[i % dimensions] = (mean[i % dimensions] as number) + (values[i] as number) / count;
  }
  return mean;
}
