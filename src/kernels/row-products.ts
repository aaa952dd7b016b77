/** Some rows of a row-major matrix. */
export interface RowRange {
  readonly values: Float64Array;
  /** Columns of the matrix. */
  readonly dimensions: number;
  readonly first: number;
  readonly count: number;
}

/**
 * Writes the dot product of every row of `a` with every row of `b` to `out`, row-major `[a.count, b.count]`.
 *
 * Each product is summed over the columns in their order whatever the ranges, so x·y has the same bits in any block
 * and equals y·x.
 */
export function dotProducts(a: RowRange, b: RowRange, out: Float64Array): void {
  tiles(a, b, out, dotTile);
}

/**
 * Writes the squared Euclidean distance Σ (x − y)² of every row of `a` to every row of `b` to `out`, row-major
 * `[a.count, b.count]`. The differences themselves are squared, so equal rows have the distance 0; the order of the sum
 * is that of `dotProducts`.
 */
export function squaredDistances(a: RowRange, b: RowRange, out: Float64Array): void {
  tiles(a, b, out, squaredDistanceTile);
}

/** Two rows of one matrix by four of another: what fits in registers. */
interface Tile {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly dimensions: number;
  readonly sums: Float64Array;
}

/** Fills `sums` for two rows that begin at x0 and x1 and four that begin at y0 to y3. */
type TileKernel = (tile: Tile, x0: number, x1: number, y0: number, y1: number, y2: number, y3: number) => void;

/** Numbers of `a` that stay in the cache while the rows of `b` pass. */
const CACHED = 2 ** 15;

function tiles(a: RowRange, b: RowRange, out: Float64Array, kernel: TileKernel): void {
  const rows = 2 * Math.max(1, Math.floor(CACHED / (2 * a.dimensions)));
  for (let first = 0; first < a.count; first += rows) {
    const block = {...a, first: a.first + first, count: Math.min(rows, a.count - first)};
    tilesOf(block, b, out.subarray(first * b.count), kernel);
  }
}

function tilesOf(a: RowRange, b: RowRange, out: Float64Array, kernel: TileKernel): void {
  const {dimensions} = a;
  const sums = new Float64Array(8);
  const tile: Tile = {x: a.values, y: b.values, dimensions, sums};
  // Past the edge the last row is computed again, which writes the same number to the same place.
  const row = (range: RowRange, i: number) => Math.min(i, range.count - 1);
  const start = (range: RowRange, i: number) => (range.first + i) * dimensions;
  for (let j = 0; j < b.count; j += 4) {
    const [j1, j2, j3] = [row(b, j + 1), row(b, j + 2), row(b, j + 3)];
    for (let i = 0; i < a.count; i += 2) {
      const i1 = row(a, i + 1);
      kernel(tile, start(a, i), start(a, i1), start(b, j), start(b, j1), start(b, j2), start(b, j3));
      const [upper, lower] = [i * b.count, i1 * b.count];
      out[upper + j] = sums[0] as number;
      out[upper + j1] = sums[1] as number;
      out[upper + j2] = sums[2] as number;
      out[upper + j3] = sums[3] as number;
      out[lower + j] = sums[4] as number;
      out[lower + j1] = sums[5] as number;
      out[lower + j2] = sums[6] as number;
      out[lower + j3] = sums[7] as number;
    }
  }
}

function dotTile(tile: Tile, x0: number, x1: number, y0: number, y1: number, y2: number, y3: number): void {
  const {x, y, dimensions, sums} = tile;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let k = 0; k < dimensions; k++) {
    const u = x[x0 + k] as number;
    const v = x[x1 + k] as number;
    const p = y[y0 + k] as number;
    const q = y[y1 + k] as number;
    const r = y[y2 + k] as number;
    const t = y[y3 + k] as number;
    s00 += u * p;
    s01 += u * q;
    s02 += u * r;
    s03 += u * t;
    s10 += v * p;
    s11 += v * q;
    s12 += v * r;
    s13 += v * t;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
}

function squaredDistanceTile(tile: Tile, x0: number, x1: number, y0: number, y1: number, y2: number, y3: number): void {
  const {x, y, dimensions, sums} = tile;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let k = 0; k < dimensions; k++) {
    const u = x[x0 + k] as number;
    const v = x[x1 + k] as number;
    const p = y[y0 + k] as number;
    const q = y[y1 + k] as number;
    const r = y[y2 + k] as number;
    const t = y[y3 + k] as number;
    s00 += (u - p) * (u - p);
    s01 += (u - q) * (u - q);
    s02 += (u - r) * (u - r);
    s03 += (u - t) * (u - t);
    s10 += (v - p) * (v - p);
    s11 += (v - q) * (v - q);
    s12 += (v - r) * (v - r);
    s13 += (v - t) * (v - t);
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
}
