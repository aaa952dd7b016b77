import type {Factor} from '../../kernels/pivoted-cholesky.js';
import {dotProducts, type RowRange} from '../../kernels/row-products.js';
import {sumOf} from '../../statistics/sum.js';
import {momentsOf, scaledRows} from './moments.js';

/** The squared Fréchet distance of two normal distributions, and its two terms. */
export interface GaussianDistance {
  /** |μ₁ − μ₂|². */
  readonly mean: number;
  /** tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½), not below 0. */
  readonly covariance: number;
}

/**
 * |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) of the means and covariances (n − 1) of two sets of rows, in float64.
 *
 * With Σ = FᵀF, Σ₁Σ₂ has the nonzero eigenvalues of (F₁F₂ᵀ)(F₁F₂ᵀ)ᵀ, so tr (Σ₁Σ₂)^½ is the sum of the singular values of
 * F₁F₂ᵀ: no square root of a matrix, no imaginary part, nothing added to the diagonal, and right for covariances of any
 * rank. F is the centred rows over √(n − 1) where there are no more rows than dimensions, else Cholesky's.
 *
 * Source: Dowson and Landau, The Fréchet distance between multivariate normal distributions, 1982, equation 4.
 */
export async function gaussianDistance(x: RowRange, y: RowRange): Promise<GaussianDistance> {
  const [first, second] = [momentsOf(scaledRows(x)), momentsOf(scaledRows(y))];
  const root = await sumOfSingularValues(first.factor, second.factor, x.dimensions);
  return {
    mean: sumOf(x.dimensions, (k) => ((first.mean[k] as number) - (second.mean[k] as number)) ** 2),
    covariance: Math.max(0, first.trace + second.trace - 2 * root),
  };
}

async function sumOfSingularValues(first: Factor, second: Factor, dimensions: number): Promise<number> {
  if (first.rank === 0 || second.rank === 0) return 0;
  const product = new Float64Array(first.rank * second.rank);
  const rows = ({values, rank}: Factor) => ({values, dimensions, first: 0, count: rank});
  dotProducts(rows(first), rows(second), product);
  // Loaded when it is needed, so that commands that compute nothing start quickly.
  const {Matrix, SingularValueDecomposition} = await import('ml-matrix');
  const matrix = new Matrix(
    Array.from({length: first.rank}, (_, i) => product.subarray(i * second.rank, (i + 1) * second.rank)),
  );
  const {diagonal} = new SingularValueDecomposition(matrix, {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  return sumOf(diagonal.length, (i) => diagonal[i] as number);
}
