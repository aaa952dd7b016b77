import type {View} from './view.js';

/** Stabilises the quotient of gradients on 0..255 (Xue 2014, section III). */
const C = 170;

/** Two images of one channel, and which of their pixels count. */
export interface LevelPair {
  readonly pred: View;
  readonly target: View;
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
 * Memory: three rows of each halved image.
 */
export function gradientSimilarityDeviation(pair: LevelPair): number {
  const {height, width} = pair.pred;
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const [x, y] = [new HalvedRows(pair.pred, pair.range), new HalvedRows(pair.target, pair.range)];
  const similarity = new Float64Array(columns);
  const weights = new Float64Array(columns).fill(1);
  const spread = new Spread();
  for (let row = 0; row < rows; row++) {
    x.moveTo(row);
    y.moveTo(row);
    writeSimilarity(x, y, similarity);
    if (pair.weights) writeWeights(pair.weights, pair.valid, row, {height, width}, weights);
    spread.add(similarity, weights);
  }
  return spread.deviation();
}

/** Three rows of a halved image with a margin of 0 around it. */
class HalvedRows {
  above: Float64Array;
  row: Float64Array;
  below: Float64Array;

  private readonly levels: Float64Array;
  /** level = element · scale + offset. */
  private readonly scale: number;
  private readonly offset: number;

  constructor(
    private readonly view: View,
    [low, high]: readonly [low: number, high: number],
  ) {
    const columns = Math.ceil(view.width / 2);
    const margined = () => new Float64Array(columns + 2);
    [this.above, this.row, this.below] = [margined(), margined(), margined()];
    // An odd side's last pixel has a neighbour of level 0.
    this.levels = new Float64Array(2 * columns);
    this.scale = (view.scale * 255) / (high - low);
    this.offset = ((view.offset - low) * 255) / (high - low);
    this.read(0, this.below);
  }

  /** Called with every row in turn. */
  moveTo(row: number): void {
    [this.above, this.row, this.below] = [this.row, this.below, this.above];
    this.read(row + 1, this.below);
  }

  /** The means of 2×2 pixels, 0 past the edge. */
  private read(row: number, out: Float64Array): void {
    const {levels, scale, offset} = this;
    const {data, height, width} = this.view;
    out.fill(0);
    for (let y = 2 * row; y < Math.min(height, 2 * row + 2); y++) {
      levels.set(data.subarray(y * width, (y + 1) * width));
      for (let x = 0; x < width; x++) levels[x] = Math.round((levels[x] as number) * scale + offset);
      for (let i = 1; i < out.length - 1; i++) {
        out[i] = (out[i] as number) + ((levels[2 * i - 2] as number) + (levels[2 * i - 1] as number)) / 4;
      }
    }
  }
}

/** (2·g·h + c) / (g² + h² + c) along a row, g and h the magnitudes of Prewitt's gradients over 3. */
function writeSimilarity(x: HalvedRows, y: HalvedRows, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const g = squaredGradient(x.above, x.row, x.below, i);
    const h = squaredGradient(y.above, y.row, y.below, i);
    out[i] = (2 * Math.sqrt(g * h) + C) / (g + h + C);
  }
}

/** The left neighbour of pixel i lies at i, since the rows have a margin. */
function squaredGradient(above: Float64Array, row: Float64Array, below: Float64Array, i: number): number {
  const [a, c] = [above[i] as number, above[i + 2] as number];
  const [g, k] = [below[i] as number, below[i + 2] as number];
  const across = c + (row[i + 2] as number) + k - a - (row[i] as number) - g;
  const down = g + (below[i + 1] as number) + k - a - (above[i + 1] as number) - c;
  return (across * across + down * down) / 9;
}

/** The mean weight of each 2×2 block (of what lies inside), 0 where an ignored pixel takes part in its gradients. */
function writeWeights(
  weights: Float32Array,
  valid: Uint8Array | null,
  row: number,
  {height, width}: {height: number; width: number},
  out: Float64Array,
): void {
  const bottom = Math.min(height, 2 * row + 2);
  for (let i = 0; i < out.length; i++) {
    const right = Math.min(width, 2 * i + 2);
    let sum = 0;
    for (let y = 2 * row; y < bottom; y++) {
      for (let x = 2 * i; x < right; x++) sum += weights[y * width + x] as number;
    }
    const counts = valid === null || allValid(valid, 2 * row - 2, 2 * i - 2, {height, width});
    out[i] = counts ? sum / ((bottom - 2 * row) * (right - 2 * i)) : 0;
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
