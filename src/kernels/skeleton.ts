/**
 * The skeleton of a mask, 1 where a pixel is of it: the parallel thinning of Zhang and Suen as scikit-image has it
 * (`skeletonize(method='zhang')`, 0.26). Two passes in turn remove border pixels of which nothing depends, until
 * neither finds one. Outside the image is background.
 *
 * Linear time: a pixel is looked at again only after a neighbour went.
 *
 * Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", Communications of the ACM 27 (1984).
 */
export function skeletonize(mask: Uint8Array, height: number, width: number): Uint8Array {
  const thinning = new Thinning(mask, height, width);
  let removed: boolean;
  do {
    const first = thinning.pass(FIRST);
    const second = thinning.pass(SECOND);
    removed = first || second;
  } while (removed);
  return thinning.result();
}

/** The two passes, as bits. */
const FIRST = 1;
const SECOND = 2;
type Pass = typeof FIRST | typeof SECOND;

/** A pixel's states, as bits: in the mask, and waiting to be looked at in a pass. */
const SET = 4;

/** By the pattern of the 8 neighbours (bit 0 is north-west, then clockwise): the passes that remove the pixel. */
const REMOVED_IN = Uint8Array.from({length: 256}, (_, pattern) => zhangSuen(pattern));

// What scikit-image changes, so that diagonal strokes of two pixels are not erased and corners of a staircase go.
for (const pattern of [3, 6, 11, 12, 14, 131, 134, 161, 194, 198]) REMOVED_IN[pattern] = FIRST;
for (const pattern of [24, 26, 56, 96, 104, 108, 176, 192, 224]) REMOVED_IN[pattern] = SECOND;
for (const pattern of [10, 40, 130, 160]) REMOVED_IN[pattern] = FIRST | SECOND;
for (const pattern of [48, 129]) REMOVED_IN[pattern] = 0;

/** The paper's conditions (a) to (d), and (c') and (d') of the second pass. */
function zhangSuen(pattern: number): number {
  const neighbour = (k: number) => (pattern >> (k % 8)) & 1;
  let count = 0;
  let rises = 0;
  for (let k = 0; k < 8; k++) {
    count += neighbour(k);
    if (!neighbour(k) && neighbour(k + 1)) rises++;
  }
  if (count < 2 || count > 6 || rises !== 1) return 0;
  const [north, east, south, west] = [1, 3, 5, 7].map(neighbour) as [number, number, number, number];
  const first = !(north && east && south) && !(east && south && west);
  const second = !(north && east && west) && !(north && south && west);
  return (first ? FIRST : 0) | (second ? SECOND : 0);
}

/** The pixels of a mask with a margin, and those that wait for each pass. */
class Thinning {
  private readonly stride: number;
  private readonly cells: Uint8Array;
  private waiting: Record<Pass, number[]>;

  constructor(
    mask: Uint8Array,
    private readonly height: number,
    private readonly width: number,
  ) {
    this.stride = width + 2;
    this.cells = new Uint8Array(this.stride * (height + 2));
    this.waiting = {[FIRST]: [], [SECOND]: []};
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) if (mask[y * width + x]) this.cells[(y + 1) * this.stride + x + 1] = SET;
    }
    for (let i = 0; i < this.cells.length; i++) {
      // Inside a shape no pass removes anything.
      if (this.cells[i] && this.pattern(i) !== 255) this.wait(i);
    }
  }

  /** Removes at once all pixels that the pass removes; whether there was one. */
  pass(pass: Pass): boolean {
    const candidates = this.waiting[pass];
    this.waiting[pass] = [];
    let count = 0;
    for (const i of candidates) {
      this.cells[i] = (this.cells[i] as number) & ~pass;
      // Pixels that go are gathered at the front.
      if (this.cells[i] && (REMOVED_IN[this.pattern(i)] as number) & pass) candidates[count++] = i;
    }
    const {stride} = this;
    for (let k = 0; k < count; k++) this.cells[candidates[k] as number] = 0;
    for (let k = 0; k < count; k++) {
      const i = candidates[k] as number;
      for (const row of [i - stride, i, i + stride]) {
        for (let j = row - 1; j <= row + 1; j++) if ((this.cells[j] as number) & SET) this.wait(j);
      }
    }
    return count > 0;
  }

  result(): Uint8Array {
    const {cells, stride, height, width} = this;
    const out = new Uint8Array(height * width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) out[y * width + x] = (cells[(y + 1) * stride + x + 1] as number) & SET ? 1 : 0;
    }
    return out;
  }

  /** The pixel waits for both passes, once. */
  private wait(i: number): void {
    const cell = this.cells[i] as number;
    if (!(cell & FIRST)) this.waiting[FIRST].push(i);
    if (!(cell & SECOND)) this.waiting[SECOND].push(i);
    this.cells[i] = cell | FIRST | SECOND;
  }

  private pattern(i: number): number {
    const {cells, stride} = this;
    const [north, south] = [i - stride, i + stride];
    const bit = (at: number) => ((cells[at] as number) >> 2) & 1;
    return (
      bit(north - 1) |
      (bit(north) << 1) |
      (bit(north + 1) << 2) |
      (bit(i + 1) << 3) |
      (bit(south + 1) << 4) |
      (bit(south) << 5) |
      (bit(south - 1) << 6) |
      (bit(i - 1) << 7)
    );
  }
}
