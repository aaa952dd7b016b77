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

  /** Reads the row that begins at `offset`; `words` are the image's bytes four at a time, where it is of bytes. */
  read(image: ArrayLike<number>, offset: number, first: number, words: Uint32Array | null = null): void {
    const {starts, ends, labels, width} = this;
    const end = offset + width;
    let count = 0;
    for (let i = offset; i < end; ) {
      const label = image[i] as number;
      const next = runEnd(image, i, end, words);
      if (label) {
        starts[count] = i - offset;
        ends[count] = next - offset;
        labels[count++] = label;
      }
      i = next;
    }
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

/** Where the run of equal labels that begins at `start` ends, four labels at a time where four bytes are a word. */
function runEnd(image: ArrayLike<number>, start: number, end: number, words: Uint32Array | null): number {
  const label = image[start] as number;
  const word = label * 0x01_01_01_01;
  let i = start + 1;
  while (i < end) {
    const whole = words !== null && i % 4 === 0 && i + 4 <= end && words[i >> 2] === word;
    if (!whole && image[i] !== label) break;
    i += whole ? 4 : 1;
  }
  return i;
}
