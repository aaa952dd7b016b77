import {LowerEnvelope} from './lower-envelope.js';

/** Height and width of a pixel. */
export type Spacing = readonly [row: number, column: number];

const UNIT: Spacing = [1, 1];

/**
 * Squared Euclidean distance of every pixel to the nearest pixel where `mask` is not 0, in pixels or in units of
 * `spacing`; Infinity everywhere when there is none. In pixels exact: sums of squares of integers. Row-major,
 * `height * width` long.
 *
 * Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8 (2012).
 */
export function squaredDistances(
  mask: ArrayLike<number>,
  height: number,
  width: number,
  spacing: Spacing = UNIT,
): Float64Array {
  const out = new Float64Array(height * width);
  const rows = new RowDistances(mask, height, width, spacing);
  for (let y = 0; y < height; y++) {
    rows.moveTo(y);
    for (let x = 0; x < width; x++) out[y * width + x] = rows.at(x);
  }
  return out;
}

/**
 * The same distances, one row at a time: for those who need only some of them. A near pixel is found by looking left
 * and right; a row that spends as many looks as it has pixels gets its lower envelope.
 */
export class RowDistances {
  private readonly columns: Int32Array;
  private readonly envelope: LowerEnvelope;
  /** Height of a pixel in units of its width. */
  private readonly aspect: number;
  private readonly scale: number;
  private start = 0;
  private looks = 0;
  private built = false;

  constructor(
    mask: ArrayLike<number>,
    height: number,
    private readonly width: number,
    [row, column]: Spacing = UNIT,
  ) {
    this.columns = columnDistances(mask, height, width);
    this.envelope = new LowerEnvelope(width);
    this.aspect = row / column;
    this.scale = column * column;
  }

  moveTo(y: number): void {
    this.start = y * this.width;
    this.looks = this.width;
    this.built = false;
  }

  /** Squared distance of the pixel in column x of the row. */
  at(x: number): number {
    if (!this.built) {
      const near = this.look(x);
      if (near >= 0) return near * this.scale;
      this.buildEnvelope();
    }
    return this.envelope.at(x) * this.scale;
  }

  /** The nearest by looking at one column after another; −1 when the row's looks are spent. */
  private look(x: number): number {
    const {width} = this;
    let best = this.ownColumn(x);
    let away = 1;
    for (; away * away < best && away < width; away++) {
      if (away >= this.looks) return -1;
      const square = away * away;
      if (x >= away) best = Math.min(best, square + this.ownColumn(x - away));
      if (x + away < width) best = Math.min(best, square + this.ownColumn(x + away));
    }
    this.looks -= away;
    return best;
  }

  /** Squared distance within the column, in units of a pixel's width. */
  private ownColumn(x: number): number {
    const rows = this.columns[this.start + x] as number;
    if (rows === NONE) return Infinity;
    const distance = rows * this.aspect;
    return distance * distance;
  }

  private buildEnvelope(): void {
    const {envelope, width} = this;
    this.built = true;
    for (let x = 0; x < width; x++) envelope.heights[x] = this.ownColumn(x);
    envelope.update();
  }
}

/** Where a column has no set pixel. */
const NONE = 2 ** 30;

/** Rows to the nearest set pixel of the same column. Swept row by row, as memory lies. */
function columnDistances(mask: ArrayLike<number>, height: number, width: number): Int32Array {
  const out = new Int32Array(height * width);
  for (let i = 0; i < out.length; i++) {
    const above = i < width ? NONE : (out[i - width] as number);
    out[i] = mask[i] ? 0 : Math.min(NONE, above + 1);
  }
  for (let i = out.length - width - 1; i >= 0; i--) {
    const below = (out[i + width] as number) + 1;
    if (below < (out[i] as number)) out[i] = below;
  }
  return out;
}
