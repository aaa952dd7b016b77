/** A = Σ σ·u·vᵀ without the singular values that are rounding; row-major, `count` rows each. */
export interface SingularFactors {
  readonly count: number;
  readonly values: Float64Array;
  /** Rows u `[count, rows]`. */
  readonly left: Float64Array;
  /** Rows v `[count, columns]`. */
  readonly right: Float64Array;
}

const MOST_SWEEPS = 60;

/**
 * The singular value decomposition of A `[rows, columns]`, row-major, by rotations of pairs of rows until all are orthogonal
 * (one-sided Jacobi). Singular values of at most max(rows, columns)·ε·(the largest) are left out; they come in no order.
 *
 * Source: Hestenes, Inversion of matrices by biorthogonalization and related results, 1958; Golub and Van Loan, Matrix
 * computations, section 8.6.3.
 */
export function singularFactors(matrix: Float64Array, rows: number, columns: number): SingularFactors {
  // Of the longer rows there are fewer pairs.
  if (rows > columns) {
    const {count, values, left, right} = singularFactors(transposed(matrix, rows, columns), columns, rows);
    return {count, values, left: right, right: left};
  }
  const turned = matrix.slice();
  const rotations = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) rotations[i * rows + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (!rotateAll(turned, rotations, rows, columns)) break;
  }
  return kept(turned, rotations, rows, columns);
}

/** One pass over all pairs; whether any was not orthogonal. */
function rotateAll(turned: Float64Array, rotations: Float64Array, rows: number, columns: number): boolean {
  let rotated = false;
  for (let p = 0; p < rows - 1; p++) {
    for (let q = p + 1; q < rows; q++) {
      const [alpha, beta, gamma] = products(turned, p * columns, q * columns, columns);
      if (Math.abs(gamma) <= Number.EPSILON * Math.sqrt(alpha * beta)) continue;
      rotated = true;
      const zeta = (beta - alpha) / (2 * gamma);
      const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const cosine = 1 / Math.hypot(1, tangent);
      rotate(turned, p * columns, q * columns, columns, cosine, cosine * tangent);
      rotate(rotations, p * rows, q * rows, rows, cosine, cosine * tangent);
    }
  }
  return rotated;
}

function products(x: Float64Array, p: number, q: number, length: number): [number, number, number] {
  let [alpha, beta, gamma] = [0, 0, 0];
  for (let k = 0; k < length; k++) {
    const [a, b] = [x[p + k] as number, x[q + k] as number];
    alpha += a * a;
    beta += b * b;
    gamma += a * b;
  }
  return [alpha, beta, gamma];
}

function rotate(x: Float64Array, p: number, q: number, length: number, cosine: number, sine: number): void {
  for (let k = 0; k < length; k++) {
    const [a, b] = [x[p + k] as number, x[q + k] as number];
    x[p + k] = cosine * a - sine * b;
    x[q + k] = sine * a + cosine * b;
  }
}

/** Of R·A = diag(σ)·Vᵀ with rotations R: σ the lengths of the rows, v their directions, u the rows of R. */
function kept(turned: Float64Array, rotations: Float64Array, rows: number, columns: number): SingularFactors {
  const lengths = Array.from({length: rows}, (_, i) => Math.hypot(...turned.subarray(i * columns, (i + 1) * columns)));
  const tolerance = Math.max(rows, columns) * Number.EPSILON * Math.max(0, ...lengths);
  const found = lengths.flatMap((length, i) => (length > tolerance ? [i] : []));
  const right = new Float64Array(found.length * columns);
  const left = new Float64Array(found.length * rows);
  found.forEach((row, i) => {
    const length = lengths[row] as number;
    for (let k = 0; k < columns; k++) right[i * columns + k] = (turned[row * columns + k] as number) / length;
    left.set(rotations.subarray(row * rows, (row + 1) * rows), i * rows);
  });
  return {count: found.length, values: Float64Array.from(found, (row) => lengths[row] as number), left, right};
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(matrix, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)] as number);
}
