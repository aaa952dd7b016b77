import type {RowRange} from './row-products.js';

/** Rows less their mean. */
export interface CentredRows {
  readonly mean: Float64Array;
  /** Row-major, as many rows and columns as went in. */
  readonly values: Float64Array;
}

/** The mean of the rows, corrected by the mean of what is left after it is subtracted, and the rows less that mean. */
export function centreRows({values, dimensions, first, count}: RowRange): CentredRows {
  const rows = values.slice(first * dimensions, (first + count) * dimensions);
  const mean = new Float64Array(dimensions);
  for (let pass = 0; pass < 2; pass++) {
    const step = columnMeans(rows, dimensions, count);
    for (let k = 0; k < dimensions; k++) mean[k] = (mean[k] as number) + (step[k] as number);
    for (let at = 0; at < rows.length; at += dimensions) {
      for (let k = 0; k < dimensions; k++) rows[at + k] = (rows[at + k] as number) - (step[k] as number);
    }
  }
  return {mean, values: rows};
}

function columnMeans(rows: Float64Array, dimensions: number, count: number): Float64Array {
  const sums = new Float64Array(dimensions);
  for (let at = 0; at < rows.length; at += dimensions) {
    for (let k = 0; k < dimensions; k++) sums[k] = (sums[k] as number) + (rows[at + k] as number);
  }
  return sums.map((sum) => sum / count);
}
