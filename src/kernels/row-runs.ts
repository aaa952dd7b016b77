/** A row of an image of labels as runs of equal ones that are not 0, each from its start to before its end. */
export class RowRuns {
  count = 0;
  /** The number of the first run; the others follow. */
  private first = 0;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly labels: Float64Array;

  constructor(private readonly width: number) {
    this.starts = new Int32Array(width);
    this.ends = new Int32Array(width);
    this.labels = new Float64Array(width);
  }

  /** Reads the row that begins at `offset`. */
  read(image: ArrayLike<number>, offset: number, first: number): void {
    const {starts, ends, labels, width} = this;
    let count = 0;
    let before = 0;
    for (let x = 0; x < width; x++) {
      const label = image[offset + x] as number;
      if (label === before) continue;
      if (before) ends[count++] = x;
      if (label) {
        starts[count] = x;
        labels[count] = label;
      }
      before = label;
    }
    if (before) ends[count++] = width;
    this.count = count;
    this.first = first;
  }

  /** Writes to the pixels of each run one more than its number. */
  paint(out: Int32Array, offset: number): void {
    for (let k = 0; k < this.count; k++) {
      for (let x = this.starts[k] as number; x < (this.ends[k] as number); x++) out[offset + x] = this.first + k + 1;
    }
  }

  /** Calls with the numbers of a run and one of its label in the row above that it touches, `corners` counting. */
  eachTouch(above: RowRuns, corners: boolean, visit: (run: number, other: number) => void): void {
    const reach = corners ? 1 : 0;
    let from = 0;
    for (let k = 0; k < this.count; k++) {
      const start = (this.starts[k] as number) - reach;
      const end = (this.ends[k] as number) + reach;
      while (from < above.count && (above.ends[from] as number) <= start) from++;
      for (let j = from; j < above.count && (above.starts[j] as number) < end; j++) {
        if (above.labels[j] === this.labels[k]) visit(this.first + k, above.first + j);
      }
    }
  }
}
