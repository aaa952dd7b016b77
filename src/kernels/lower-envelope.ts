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
    return site < 0 ? Infinity : (x - site) * (x - site) + (this.heights[site] as number);
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
