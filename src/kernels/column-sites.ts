/** Farther than any pixel of an image. */
const NOWHERE = 2 ** 29;

/** Set pixels column by column, for walks from the top down. */
export class ColumnSites {
  /** Rows, ascending in each column, between one above the image and one below it. */
  private readonly rows: Int32Array;
  /** By column, where the first row that is not above the walk lies in `rows`. */
  private readonly next: Int32Array;

  /** `pixels`: indices in row order. */
  constructor(pixels: readonly number[], width: number) {
    const last = new Int32Array(width);
    for (const i of pixels) last[i % width] = (last[i % width] as number) + 1;
    this.rows = new Int32Array(pixels.length + 2 * width).fill(NOWHERE);
    this.next = new Int32Array(width);
    let start = 0;
    for (let x = 0; x < width; x++) {
      this.rows[start] = -NOWHERE;
      this.next[x] = start + 1;
      start += (last[x] as number) + 2;
      last[x] = this.next[x] as number;
    }
    for (const i of pixels) {
      const x = i % width;
      const k = last[x] as number;
      this.rows[k] = (i - x) / width;
      last[x] = k + 1;
    }
  }

  /** Rows from y to the nearest set pixel of column x, Infinity where there is none; y must not be above an earlier one. */
  rowsTo(x: number, y: number): number {
    const {rows, next} = this;
    let k = next[x] as number;
    while ((rows[k] as number) < y) k++;
    next[x] = k;
    const nearest = Math.min((rows[k] as number) - y, y - (rows[k - 1] as number));
    return nearest < NOWHERE / 2 ? nearest : Infinity;
  }
}
