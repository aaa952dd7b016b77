/** A matrix F of `rank` rows, row-major `[rank, size]`. */
export interface Factor {
  readonly rank: number;
  readonly values: Float64Array;
}

/**
 * F with FᵀF = A for a symmetric positive semidefinite A `[size, size]`, by Cholesky's method with complete pivoting.
 * A pivot of at most size·ε·(largest diagonal element) is rounding and ends it, so the rank is the numerical one.
 *
 * Source: Higham, Analysis of the Cholesky decomposition of a semi-definite matrix, 1990, algorithm and stopping rule
 * (LAPACK's dpstrf).
 */
export function pivotedCholesky(matrix: Float64Array, size: number): Factor {
  const values = new Float64Array(size * size);
  const left = Float64Array.from({length: size}, (_, i) => matrix[i * size + i] as number);
  const tolerance = size * Number.EPSILON * largest(left);
  const pivots = new Uint8Array(size);
  for (let rank = 0; rank < size; rank++) {
    const pivot = indexOfLargest(left);
    const square = left[pivot] as number;
    if (!(square > tolerance)) return {rank, values: values.slice(0, rank * size)};
    const row = values.subarray(rank * size, (rank + 1) * size);
    row.set(matrix.subarray(pivot * size, (pivot + 1) * size));
    subtractRows(row, values, rank, pivot);
    pivots[pivot] = 1;
    finishRow(row, left, pivots, pivot);
  }
  return {rank: size, values};
}

/** row −= Σ_l F[l, pivot]·F[l], four rows of F at a time. */
function subtractRows(row: Float64Array, values: Float64Array, rank: number, pivot: number): void {
  const size = row.length;
  const factor = (l: number) => (l < rank ? (values[l * size + pivot] as number) : 0);
  const start = (l: number) => Math.min(l, rank - 1) * size;
  for (let l = 0; l < rank; l += 4) {
    const [a, b, c, d] = [start(l), start(l + 1), start(l + 2), start(l + 3)] as const;
    const [p, q, r, s] = [factor(l), factor(l + 1), factor(l + 2), factor(l + 3)] as const;
    for (let j = 0; j < size; j++) {
      row[j] =
        (row[j] as number) -
        p * (values[a + j] as number) -
        q * (values[b + j] as number) -
        r * (values[c + j] as number) -
        s * (values[d + j] as number);
    }
  }
}

/** Divides by the root of the pivot, zeroes what earlier pivots have used up, and takes the row off the diagonal. */
function finishRow(row: Float64Array, left: Float64Array, pivots: Uint8Array, pivot: number): void {
  const root = Math.sqrt(left[pivot] as number);
  for (let j = 0; j < row.length; j++) {
    const value = pivots[j] === 1 ? 0 : (row[j] as number) / root;
    row[j] = value;
    left[j] = (left[j] as number) - value * value;
  }
  row[pivot] = root;
  left[pivot] = Number.NEGATIVE_INFINITY;
}

function largest(values: Float64Array): number {
  return values.reduce((high, value) => Math.max(high, value), 0);
}

function indexOfLargest(values: Float64Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[at] as number)) at = i;
  return at;
}
