/**
 * Squared Euclidean distance, in pixels, of every pixel to the nearest pixel where `mask` is not 0; Infinity
 * everywhere when there is none. Exact: sums of squares of integers. Row-major, `height * width` long.
 *
 * Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8 (2012).
 */
export function squaredDistances(mask: ArrayLike<number>, height: number, width: number): Float64Array {
  const out = columnDistances(mask, height, width);
  const envelope = new LowerEnvelope(width);
  for (let y = 0; y < height; y++) {
    const row = out.subarray(y * width, (y + 1) * width);
    envelope.heights.set(row);
    envelope.update();
    for (let x = 0; x < width; x++) row[x] = envelope.at(x);
  }
  return out;
}

/** Squared distance to the nearest set pixel of the same column. */
function columnDistances(mask: ArrayLike<number>, height: number, width: number): Float64Array {
  const out = new Float64Array(height * width);
  for (let x = 0; x < width; x++) {
    let last = -Infinity;
    for (let y = 0; y < height; y++) {
      if (mask[y * width + x]) last = y;
      out[y * width + x] = (y - last) ** 2;
    }
    let next = Infinity;
    for (let y = height - 1; y >= 0; y--) {
      if (mask[y * width + x]) next = y;
      const squared = (next - y) ** 2;
      if (squared < (out[y * width + x] as number)) out[y * width + x] = squared;
    }
  }
  return out;
}

/**
 * Lower envelope of the parabolas (x − q)² + heights[q] over x = 0 … n − 1. Set `heights` (Infinity: no
 * parabola at q), call `update`, then read `at(x)`, or `sites`: the q that is lowest at each x (−1: there is none).
 */
export class LowerEnvelope {
  readonly heights: Float64Array;
  readonly sites: Int32Array;
  private readonly vertices: Int32Array;
  private readonly starts: Float64Array;

  constructor(readonly length: number) {
    this.heights = new Float64Array(length);
    this.sites = new Int32Array(length);
    this.vertices = new Int32Array(length);
    this.starts = new Float64Array(length);
  }

  update(): void {
    const {sites, vertices, starts, length} = this;
    const count = this.build();
    if (count === 0) {
      sites.fill(-1);
      return;
    }
    let at = 0;
    for (let x = 0; x < length; x++) {
      while (at + 1 < count && (starts[at + 1] as number) < x) at++;
      sites[x] = vertices[at] as number;
    }
  }

  /** The lowest value at x; Infinity when there is no parabola. */
  at(x: number): number {
    const site = this.sites[x] as number;
    return site < 0 ? Infinity : (x - site) ** 2 + (this.heights[site] as number);
  }

  /** Finds the parabolas of the envelope, left to right, and where each begins; returns their number. */
  private build(): number {
    const {heights, vertices, starts, length} = this;
    let count = 0;
    for (let q = 0; q < length; q++) {
      const height = heights[q] as number;
      if (height === Infinity) continue;
      let start = -Infinity;
      while (count > 0) {
        const v = vertices[count - 1] as number;
        start = (height + q * q - ((heights[v] as number) + v * v)) / (2 * (q - v));
        if (start > (starts[count - 1] as number)) break;
        count--;
        start = -Infinity;
      }
      vertices[count] = q;
      starts[count] = start;
      count++;
    }
    return count;
  }
}
