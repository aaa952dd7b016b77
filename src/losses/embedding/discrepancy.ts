import {dotProducts, type RowRange} from '../../kernels/row-products.js';
import {sumOf} from '../../statistics/sum.js';

/** (γ·x·y + c)^degree. */
export interface PolynomialKernel {
  readonly gamma: number;
  readonly coefficient: number;
  readonly degree: number;
}

/** Rows of a kernel matrix at a time. */
const BLOCK_ROWS = 64;

/**
 * The unbiased estimate of the squared maximum mean discrepancy: the mean of k(x, x′) over x ≠ x′, the same of y, less
 * twice the mean of k(x, y). It may be below 0. Both need two rows at least.
 *
 * Source: Gretton et al., A kernel two-sample test, JMLR 2012, equation 3.
 */
export function discrepancy(x: RowRange, y: RowRange, kernel: PolynomialKernel): number {
  const within = (rows: RowRange) => (2 * sumAbove(rows, kernel)) / (rows.count * (rows.count - 1));
  return within(x) + within(y) - (2 * sumBetween(x, y, kernel)) / (x.count * y.count);
}

/** Σ k(x_i, x_j) over i < j. */
function sumAbove(x: RowRange, kernel: PolynomialKernel): number {
  return blockwise(
    x,
    (first) => ({...x, first: x.first + first, count: x.count - first}),
    kernel,
    (row) => row + 1,
  );
}

function sumBetween(x: RowRange, y: RowRange, kernel: PolynomialKernel): number {
  return blockwise(
    x,
    () => y,
    kernel,
    () => 0,
  );
}

/** For every block of rows of x, the sum over the rows of `other(first row)`, from `start(row in the block)` on. */
function blockwise(
  x: RowRange,
  other: (first: number) => RowRange,
  {gamma, coefficient, degree}: PolynomialKernel,
  start: (row: number) => number,
): number {
  const block = new Float64Array(Math.min(BLOCK_ROWS, x.count) * other(0).count);
  const rowSums: number[] = [];
  for (let first = 0; first < x.count; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, x.count - first);
    const y = other(first);
    dotProducts({...x, first: x.first + first, count}, y, block);
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let at = i * y.count + start(i); at < (i + 1) * y.count; at++) {
        sum += (gamma * (block[at] as number) + coefficient) ** degree;
      }
      rowSums.push(sum);
    }
  }
  return sumOf(rowSums.length, (i) => rowSums[i] as number);
}
