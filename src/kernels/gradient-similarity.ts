import type {Elements} from './elements.js';
import type {View} from './view.js';
import {kernels, regions} from './wasm.js';

/** Stabilises the quotient of gradients on 0..255 (Xue 2014, section III). */
const C = 170;

/** Two images of one channel, and which of their pixels count. */
export interface LevelPair {
  readonly pred: View<Elements>;
  readonly target: View<Elements>;
  /** The values of the levels 0 and 255; what lies between is rounded to whole levels. */
  readonly range: readonly [low: number, high: number];
  /** 1 where a pixel is valid, length h·w; null when all are. */
  readonly valid: Uint8Array | null;
  /** The weight of each pixel, length h·w; null when all weigh the same. */
  readonly weights: Float32Array | null;
}

/**
 * The standard deviation (n − 1) of the gradient magnitude similarity of two images halved by 2×2 means, in float64, row by
 * row; see the loss `gmsd` for the definition. NaN where fewer than two pixels of the halved image count.
 * Memory: five rows of each image, of 65536 columns at most.
 */
export function gradientSimilarityDeviation(pair: LevelPair, stripColumns: number = STRIP_COLUMNS): number {
  const columns = Math.ceil(pair.pred.width / 2);
  const spread = new Spread();
  for (let left = 0; left < columns; left += stripColumns) {
    addStrip(pair, left, Math.min(columns, left + stripColumns), spread);
  }
  return spread.deviation();
}

/** Columns of the halved image that are computed row by row at once. */
const STRIP_COLUMNS = 32_768;

function addStrip(pair: LevelPair, left: number, right: number, spread: Spread): void {
  const {height, width} = pair.pred;
  const length = right - left;
  const row = 8 * (length + 2);
  // Of each image three halved rows and two rows of pixels.
  const [out = 0, ...rows] = regions(row, ...Array<number>(6).fill(row), ...Array<number>(4).fill(2 * row));
  const strip = {left, right};
  const x = new HalvedRows(pair.pred, pair.range, strip, [...rows.slice(0, 3), ...rows.slice(6, 8)]);
  const y = new HalvedRows(pair.target, pair.range, strip, [...rows.slice(3, 6), ...rows.slice(8, 10)]);
  const similarity = new Float64Array(kernels().memory.buffer, out, length);
  const weights = new Float64Array(length).fill(1);
  for (let at = 0; at < Math.ceil(height / 2); at++) {
    x.moveTo(at);
    y.moveTo(at);
    kernels().gradientSimilarity(x.above, x.row, x.below, y.above, y.row, y.below, length, C, out);
    if (pair.weights) writeWeights(pair.weights, pair.valid, {row: at, left}, {height, width}, weights);
    spread.add(similarity, weights);
  }
}

/** Three rows of a strip of a halved image with a margin, which is 0 past the image's edge: their addresses. */
class HalvedRows {
  above: number;
  row: number;
  below: number;
  private readonly lines: readonly [number, number];
  /** The halved columns that the image has of the strip and its margin. */
  private readonly first: number;
  private readonly last: number;
  /** level = element · scale + offset. */
  private readonly scale: number;
  private readonly offset: number;

  constructor(
    private readonly view: View<Elements>,
    [low, high]: readonly [low: number, high: number],
    private readonly strip: {readonly left: number; readonly right: number},
    addresses: readonly number[],
  ) {
    const [above = 0, row = 0, below = 0, ...lines] = addresses;
    [this.above, this.row, this.below] = [above, row, below];
    this.lines = lines as unknown as readonly [number, number];
    this.first = Math.max(0, strip.left - 1);
    this.last = Math.min(Math.ceil(view.width / 2), strip.right + 1);
    this.scale = (view.scale * 255) / (high - low);
    this.offset = ((view.offset - low) * 255) / (high - low);
    for (const address of [above, row, below]) this.values(address, strip.right - strip.left + 2).fill(0);
    this.read(0, below);
  }

  /** Called with every row in turn. */
  moveTo(row: number): void {
    [this.above, this.row, this.below] = [this.row, this.below, this.above];
    this.read(row + 1, this.below);
  }

  /** The means of 2×2 pixels, of which those past the edge are of level 0. */
  private read(row: number, out: number): void {
    const {view, strip, first, last, scale, offset} = this;
    if (2 * row >= view.height) {
      this.values(out, strip.right - strip.left + 2).fill(0);
      return;
    }
    const [top, bottom] = this.lines;
    this.readLine(2 * row, top);
    this.readLine(2 * row + 1, bottom);
    kernels().halveLevels(top, bottom, last - first, scale, offset, out + 8 * (first - (strip.left - 1)));
  }

  private readLine(y: number, address: number): void {
    const {data, height, width} = this.view;
    const line = this.values(address, 2 * (this.last - this.first));
    const end = Math.min(width, 2 * this.last);
    const outside = -this.offset / this.scale;
    if (y >= height) line.fill(outside);
    else {
      line.set(data.subarray(y * width + 2 * this.first, y * width + end));
      line.fill(outside, end - 2 * this.first);
    }
  }

  private values(address: number, length: number): Float64Array {
    return new Float64Array(kernels().memory.buffer, address, length);
  }
}

/** The mean weight of each 2×2 block (of what lies inside), 0 where an ignored pixel takes part in its gradients. */
function writeWeights(
  weights: Float32Array,
  valid: Uint8Array | null,
  {row, left}: {row: number; left: number},
  {height, width}: {height: number; width: number},
  out: Float64Array,
): void {
  const bottom = Math.min(height, 2 * row + 2);
  for (let i = 0; i < out.length; i++) {
    const start = 2 * (left + i);
    const right = Math.min(width, start + 2);
    let sum = 0;
    for (let y = 2 * row; y < bottom; y++) {
      for (let x = start; x < right; x++) sum += weights[y * width + x] as number;
    }
    const counts = valid === null || allValid(valid, 2 * row - 2, start - 2, {height, width});
    out[i] = counts ? sum / ((bottom - 2 * row) * (right - start)) : 0;
  }
}

/** Whether no pixel of the 6×6 from there on is ignored. */
function allValid(valid: Uint8Array, top: number, left: number, size: {height: number; width: number}): boolean {
  for (let y = Math.max(0, top); y < Math.min(size.height, top + 6); y++) {
    for (let x = Math.max(0, left); x < Math.min(size.width, left + 6); x++) {
      if (valid[y * size.width + x] === 0) return false;
    }
  }
  return true;
}

/**
 * A weighted standard deviation from rows: √(n/(n − 1) · Σ w(x − m)² / Σ w), n the number of positive weights. Each row's
 * squares are about its own mean and then joined, so that nothing cancels (Chan, Golub, LeVeque 1983).
 */
class Spread {
  private count = 0;
  private total = 0;
  private mean = 0;
  private squares = 0;

  add(values: Float64Array, weights: Float64Array): void {
    let [total, sum] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const weight = weights[i] as number;
      // What does not weigh must not count even when it is NaN.
      if (weight === 0) continue;
      this.count++;
      total += weight;
      sum += weight * (values[i] as number);
    }
    if (total === 0) return;
    const mean = sum / total;
    for (let i = 0; i < values.length; i++) {
      const weight = weights[i] as number;
      if (weight !== 0) this.squares += weight * ((values[i] as number) - mean) ** 2;
    }
    const step = mean - this.mean;
    const all = this.total + total;
    this.squares += (step * step * this.total * total) / all;
    this.mean += (step * total) / all;
    this.total = all;
  }

  deviation(): number {
    if (this.count < 2) return Number.NaN;
    return Math.sqrt(((this.squares / this.total) * this.count) / (this.count - 1));
  }
}
