import {type CentredRows, centreRows} from '../../kernels/centred-rows.js';
import {type Factor, pivotedCholesky} from '../../kernels/pivoted-cholesky.js';
import type {RowRange} from '../../kernels/row-products.js';
import {scatterMatrix} from '../../kernels/scatter-matrix.js';
import {sumOf} from '../../statistics/sum.js';

/** A set's mean, the trace of its covariance Σ (n − 1), and a factor F with FᵀF = Σ. */
export interface Moments {
  readonly mean: Float64Array;
  readonly trace: number;
  readonly factor: Factor;
}

/** The mean of a set of rows, and the rows less that mean, over √(n − 1). */
export function scaledRows(rows: RowRange): CentredRows {
  const {mean, values} = centreRows(rows);
  const scale = 1 / Math.sqrt(rows.count - 1);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * scale;
  return {mean, values};
}

/** The moments of scaled rows. F is the rows where there are no more of them than dimensions, else Cholesky's. */
export function momentsOf({mean, values}: CentredRows): Moments {
  const dimensions = mean.length;
  const count = values.length / dimensions;
  const trace = sumOf(values.length, (i) => (values[i] as number) ** 2);
  if (count <= dimensions) return {mean, trace, factor: {rank: count, values}};
  const covariance = scatterMatrix({values, dimensions, first: 0, count});
  return {mean, trace, factor: pivotedCholesky(covariance, dimensions)};
}
