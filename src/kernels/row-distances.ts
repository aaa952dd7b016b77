import {ColumnSites} from './column-sites.js';
import type {Spacing} from './distance-transform.js';
import {LowerEnvelope} from './lower-envelope.js';

/**
 * Squared distances to the nearest of some pixels, one row after another from the top: for those who need few of them.
 * A near pixel is found by looking left and right; a row that spends as many looks as it has pixels gets its lower
 * envelope. Linear in the pixels asked for, the pixels given, and the pixels of the rows gone to.
 */
export class RowDistances {
  private readonly columns: ColumnSites;
  private readonly envelope: LowerEnvelope;
  /** Height of a pixel in units of its width. */
  private readonly aspect: number;
  private readonly scale: number;
  private y = 0;
  private looks = 0;
  private built = false;

  /** `pixels`: indices in row order. */
  constructor(
    pixels: readonly number[],
    private readonly width: number,
    [row, column]: Spacing,
  ) {
    this.columns = new ColumnSites(pixels, width);
    this.envelope = new LowerEnvelope(width);
    this.aspect = row / column;
    this.scale = column * column;
  }

  /** Goes to a row that is not above the last one. */
  moveTo(y: number): void {
    this.y = y;
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
    const distance = this.columns.rowsTo(x, this.y) * this.aspect;
    return distance * distance;
  }

  private buildEnvelope(): void {
    const {envelope, width} = this;
    this.built = true;
    for (let x = 0; x < width; x++) envelope.heights[x] = this.ownColumn(x);
    envelope.update();
  }
}
