import {BoxMean} from './box-mean.js';
import {type ImagePair, type RowPair, rowPairs} from './row-pair.js';
import {type SsimConstants, WINDOW_SIZE, WINDOW_TAPS} from './ssim-windows.js';

const HALF = (WINDOW_SIZE - 1) / 2;

/** SSIM window by window: row-major, the window at row y, column x covers pixels from there on. */
export interface SsimMap {
  readonly rows: number;
  readonly columns: number;
  /** The mean over channels; NaN where the window does not count. */
  readonly values: Float64Array;
  /** The weight of each window's centre; null where all count alike. */
  readonly weights: Float64Array | null;
}

/**
 * SSIM at every 11×11 Gaussian window inside two images that were first shrunk by `factor` (f×f means, remainder
 * dropped), in float64, as {@link SsimWindows} sums them. The shrunk images must not be smaller than the window.
 * Memory: eleven rows beside the map.
 */
export function ssimMap(pair: ImagePair, constants: SsimConstants, factor: number): SsimMap {
  const {width: fine, height, channels} = pair.pred;
  const masked = pair.valid !== null;
  const weighted = pair.weights !== null;
  const box = factor > 1 ? new BoxMean({width: fine, channels, masked, weighted, factor, remainder: 'drop'}) : null;
  const width = box?.width ?? fine;
  const rows = Math.floor(height / factor) - WINDOW_SIZE + 1;
  const columns = width - WINDOW_SIZE + 1;
  const values = new Float64Array(rows * columns);
  const weights = weighted ? new Float64Array(rows * columns) : null;
  const recent: Moments[] = [];
  let row = -WINDOW_SIZE;
  for (const next of rowPairs(pair, constants.centre)) {
    const coarse = box ? box.push(next) : next;
    if (!coarse) continue;
    recent.push(momentsOf(coarse, channels));
    if (recent.length > WINDOW_SIZE) recent.shift();
    row++;
    if (row < 0) continue;
    writeRow(recent, channels, constants, values.subarray(row * columns, (row + 1) * columns));
    weights?.set(((recent[HALF] as Moments).weight as Float64Array).subarray(HALF, HALF + columns), row * columns);
  }
  return {rows, columns, values: weights ? onlyWeighed(values, weights) : values, weights};
}

function onlyWeighed(values: Float64Array, weights: Float64Array): Float64Array {
  return values.map((value, i) => (weights[i] === 0 ? Number.NaN : value));
}

/** x, y, x² + y², (x − y)² and, with a mask, which pixels are valid, of one row; and its weights. */
interface Moments {
  readonly maps: readonly Float64Array[];
  readonly weight: Float64Array | null;
}

function momentsOf({x, y, valid, weight}: RowPair, channels: number): Moments {
  const both = x.map((a, i) => a * a + (y[i] as number) ** 2);
  const unlike = x.map((a, i) => (a - (y[i] as number)) ** 2);
  const mask = valid && x.map((_, i) => valid[Math.floor(i / channels)] as number);
  return {maps: [x.slice(), y.slice(), both, unlike, ...(mask ? [mask] : [])], weight: weight?.slice() ?? null};
}

/** One row of windows from the eleven rows that they cover. */
function writeRow(
  rows: readonly Moments[],
  channels: number,
  {c1, c2, centre}: SsimConstants,
  out: Float64Array,
): void {
  const maps = (rows[0] as Moments).maps.map((_, m) => acrossOf(downOf(rows, m), channels));
  const [mx, my, mboth, munlike, mask] = maps as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array?,
  ];
  for (let window = 0; window < out.length; window++) {
    let sum = 0;
    for (let i = window * channels; i < (window + 1) * channels; i++) {
      const share = mask ? 1 / (mask[i] as number) : 1;
      const x = (mx[i] as number) * share;
      const y = (my[i] as number) * share;
      const squared = (x - y) ** 2;
      const luminance = 1 - squared / ((x + centre) ** 2 + (y + centre) ** 2 + c1);
      // Rounding can leave a variance of −1e-18, and SSIM a hair above 1.
      const deviation = Math.max(0, (munlike[i] as number) * share - squared);
      sum += luminance * (1 - deviation / ((mboth[i] as number) * share - (x * x + y * y) + c2));
    }
    out[window] = sum / channels;
  }
}

function downOf(rows: readonly Moments[], map: number): Float64Array {
  const sums = new Float64Array(((rows[0] as Moments).maps[map] as Float64Array).length);
  for (let r = 0; r < WINDOW_SIZE; r++) {
    addScaled((rows[r] as Moments).maps[map] as Float64Array, 0, WINDOW_TAPS[r] as number, sums);
  }
  return sums;
}

function acrossOf(row: Float64Array, channels: number): Float64Array {
  const sums = new Float64Array(row.length - (WINDOW_SIZE - 1) * channels);
  for (let t = 0; t < WINDOW_SIZE; t++) addScaled(row, t * channels, WINDOW_TAPS[t] as number, sums);
  return sums;
}

function addScaled(values: Float64Array, from: number, factor: number, sums: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + factor * (values[from + i] as number);
}
