import {eachSetPixel} from './set-pixels.js';

/**
 * The skeleton of a mask, 1 where a pixel is of it: the parallel thinning of Zhang and Suen as scikit-image has it
 * (`skeletonize(method='zhang')`, 0.26). Two passes in turn remove border pixels of which nothing depends, until
 * neither finds one. Outside the image is background.
 *
 * Linear time: a pixel is looked at again only after a neighbour went. The mask is of 0 and 1.
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

/** What a pixel waits for, as bits; bit 0 says that it is in the mask. */
const FIRST = 2;
const SECOND = 4;
type Pass = typeof FIRST | typeof SECOND;

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

/** The pixels of a mask with a margin, and those that a pass may remove. */
class Thinning {
  private readonly stride: number;
  private readonly cells: Uint8Array;
  /** Of set pixels, kept as neighbours go. */
  private readonly patterns: Uint8Array;
  /** Steps to the neighbours, in the order of a pattern's bits. */
  private readonly steps: readonly number[];
  private waiting: Record<Pass, number[]> = {[FIRST]: [], [SECOND]: []};

  constructor(
    mask: Uint8Array,
    private readonly height: number,
    private readonly width: number,
  ) {
    const stride = width + 2;
    this.stride = stride;
    this.steps = [-stride - 1, -stride, -stride + 1, 1, stride + 1, stride, stride - 1, -1];
    this.cells = new Uint8Array(stride * (height + 2));
    this.patterns = new Uint8Array(this.cells.length);
    for (let y = 0; y < height; y++) this.cells.set(mask.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
    eachSetPixel(this.cells, (i) => {
      this.patterns[i] = this.pattern(i);
      this.wait(i);
    });
  }

  /** Removes at once all pixels that the pass removes; whether there was one. */
  pass(pass: Pass): boolean {
    const {cells, patterns, steps} = this;
    const candidates = this.waiting[pass];
    this.waiting[pass] = [];
    let count = 0;
    for (const i of candidates) {
      cells[i] = (cells[i] as number) & ~pass;
      // Pixels that go are gathered at the front.
      if (cells[i] && (REMOVED_IN[patterns[i] as number] as number) & pass) candidates[count++] = i;
    }
    for (let k = 0; k < count; k++) cells[candidates[k] as number] = 0;
    for (let k = 0; k < count; k++) {
      for (let bit = 0; bit < 8; bit++) {
        const i = (candidates[k] as number) + (steps[bit] as number);
        if (!cells[i]) continue;
        // Seen from there, the pixel that went lies the other way.
        patterns[i] = (patterns[i] as number) & ~(1 << ((bit + 4) & 7));
        this.wait(i);
      }
    }
    return count > 0;
  }

  /** Called when nothing waits, so that a cell is 0 or 1. */
  result(): Uint8Array {
    const {cells, stride, height, width} = this;
    const out = new Uint8Array(height * width);
    for (let y = 0; y < height; y++) {
      const from = (y + 1) * stride + 1;
      out.set(cells.subarray(from, from + width), y * width);
    }
    return out;
  }

  /** The pixel waits, once each, for the passes that would remove it as its neighbours are now. */
  private wait(i: number): void {
    const cell = this.cells[i] as number;
    const passes = (REMOVED_IN[this.patterns[i] as number] as number) & ~cell;
    if (passes & FIRST) this.waiting[FIRST].push(i);
    if (passes & SECOND) this.waiting[SECOND].push(i);
    this.cells[i] = cell | passes;
  }

  private pattern(i: number): number {
    const {cells, steps} = this;
    let pattern = 0;
    for (let bit = 0; bit < 8; bit++) if (cells[i + (steps[bit] as number)]) pattern |= 1 << bit;
    return pattern;
  }
}
