import {gaussianWindow} from './gaussian-window.js';
import type {RowPair} from './row-pair.js';

/** Side of the SSIM window, in pixels. */
export const WINDOW_SIZE = 11;
/** Standard deviation of the SSIM window, in pixels. */
export const WINDOW_SIGMA = 1.5;

const HALF = (WINDOW_SIZE - 1) / 2;
/** Its taps, whose sum is 1. */
export const WINDOW_TAPS = gaussianWindow(WINDOW_SIZE, WINDOW_SIGMA);

/** What stabilises SSIM's two quotients, and the value that was subtracted from every pixel beforehand. */
export interface SsimConstants {
  readonly c1: number;
  readonly c2: number;
  readonly centre: number;
}

/** Mean over the windows of an image pair, channel by channel; NaN where no window counts. */
export interface SsimMeans {
  readonly ssim: Float64Array;
  /** Of the contrast-structure term alone. */
  readonly contrast: Float64Array;
  /** Sum of the windows' weights; 0 when none counts. */
  readonly weight: number;
}

/** How {@link SsimWindows} reads its rows. */
export interface SsimWindowsShape {
  readonly width: number;
  readonly channels: number;
  readonly masked: boolean;
}

/**
 * SSIM over all 11×11 Gaussian windows that lie inside the image, from rows pushed one by one (Wang 2004, equations 12 to 14,
 * with population moments), in float64:
 *
 *     luminance = (2·μx·μy + c1) / (μx² + μy² + c1)       = 1 − (μx − μy)² / (μx² + μy² + c1)
 *     contrast  = (2·σxy + c2) / (σx² + σy² + c2)         = 1 − var(x − y) / (σx² + σy² + c2)
 *     ssim      = luminance · contrast
 *
 * so that four filtered maps suffice: x, y, x² + y², (x − y)². With masked rows a fifth, the mask, divides them
 * (normalised convolution); a window counts if its centre is valid, and weighs as its centre does.
 * Memory: eleven rows of the maps.
 */
export class SsimWindows {
  readonly #shape: SsimWindowsShape;
  readonly #constants: SsimConstants;
  /** Length of one map's row; the maps of a row lie one after another. */
  readonly #stride: number;
  readonly #length: number;
  /** The maps of the last eleven rows, position by position: the eleven values of one column lie together. */
  readonly #ring: Float64Array;
  readonly #weights: readonly Float64Array[];
  readonly #down: Float64Array;
  readonly #across: Float64Array;
  readonly #ssim: Float64Array;
  readonly #contrast: Float64Array;
  #weight = 0;
  #rows = 0;

  constructor(shape: SsimWindowsShape, constants: SsimConstants) {
    const {width, channels, masked} = shape;
    this.#shape = shape;
    this.#constants = constants;
    this.#stride = width * channels;
    this.#length = this.#stride * (masked ? 5 : 4);
    this.#ring = new Float64Array(WINDOW_SIZE * this.#length);
    this.#weights = Array.from({length: WINDOW_SIZE}, () => new Float64Array(width).fill(1));
    this.#down = new Float64Array(this.#length);
    this.#across = new Float64Array(this.#length);
    this.#ssim = new Float64Array(channels);
    this.#contrast = new Float64Array(channels);
  }

  /** Takes the next row, with the centre subtracted. */
  push({x, y, valid, weight}: RowPair): void {
    const slot = this.#rows % WINDOW_SIZE;
    writeMaps(x, y, this.#ring, slot);
    if (valid) writeMask(valid, this.#shape.channels, this.#ring, 4 * this.#stride * WINDOW_SIZE + slot);
    if (weight) this.#weights[slot]?.set(weight);
    this.#rows++;
    if (this.#rows < WINDOW_SIZE) return;
    filterDown(this.#ring, this.#rows % WINDOW_SIZE, this.#down);
    filterAcross(this.#down, this.#shape.channels, this.#across);
    this.#addWindows(this.#weights[(this.#rows + HALF) % WINDOW_SIZE] as Float64Array);
  }

  /** The means over all windows so far. */
  means(): SsimMeans {
    return {
      ssim: this.#ssim.map((sum) => sum / this.#weight),
      contrast: this.#contrast.map((sum) => sum / this.#weight),
      weight: this.#weight,
    };
  }

  #addWindows(weights: Float64Array): void {
    const {width, channels, masked} = this.#shape;
    const windows = width - 2 * HALF;
    if (masked) divideByMask(this.#across, this.#stride, windows * channels);
    const centres = weights.subarray(HALF, HALF + windows);
    for (let channel = 0; channel < channels; channel++) {
      const [ssim, contrast] = rowSums(this.#across, this.#stride, channel, channels, centres, this.#constants);
      this.#ssim[channel] = (this.#ssim[channel] as number) + ssim;
      this.#contrast[channel] = (this.#contrast[channel] as number) + contrast;
    }
    let sum = 0;
    for (let window = 0; window < windows; window++) sum += centres[window] as number;
    this.#weight += sum;
  }
}

/** x, y, x² + y² and (x − y)², one after another, into one slot of every column of the ring. */
function writeMaps(x: Float64Array, y: Float64Array, ring: Float64Array, slot: number): void {
  const map = x.length * WINDOW_SIZE;
  for (let i = 0, at = slot; i < x.length; i++, at += WINDOW_SIZE) {
    const a = x[i] as number;
    const b = y[i] as number;
    ring[at] = a;
    ring[at + map] = b;
    ring[at + 2 * map] = a * a + b * b;
    ring[at + 3 * map] = (a - b) * (a - b);
  }
}

function writeMask(valid: Float64Array, channels: number, ring: Float64Array, start: number): void {
  let at = start;
  for (const value of valid) {
    for (let channel = 0; channel < channels; channel++, at += WINDOW_SIZE) ring[at] = value;
  }
}

/** The window's taps down every column of the ring, turned so that the first tap meets the oldest row. */
function filterDown(ring: Float64Array, oldest: number, out: Float64Array): void {
  const tap = (slot: number) => WINDOW_TAPS[(slot - oldest + WINDOW_SIZE) % WINDOW_SIZE] as number;
  const [t0, t1, t2, t3, t4, t5] = [tap(0), tap(1), tap(2), tap(3), tap(4), tap(5)];
  const [t6, t7, t8, t9, t10] = [tap(6), tap(7), tap(8), tap(9), tap(10)];
  for (let i = 0, at = 0; i < out.length; i++, at += WINDOW_SIZE) {
    out[i] =
      t0 * (ring[at] as number) +
      t1 * (ring[at + 1] as number) +
      t2 * (ring[at + 2] as number) +
      t3 * (ring[at + 3] as number) +
      t4 * (ring[at + 4] as number) +
      t5 * (ring[at + 5] as number) +
      t6 * (ring[at + 6] as number) +
      t7 * (ring[at + 7] as number) +
      t8 * (ring[at + 8] as number) +
      t9 * (ring[at + 9] as number) +
      t10 * (ring[at + 10] as number);
  }
}

/** The window's taps along a row. The last ten pixels of each map's stretch run into the next map; nobody reads those. */
function filterAcross(row: Float64Array, channels: number, out: Float64Array): void {
  const [t0, t1, t2, t3, t4, t5] = WINDOW_TAPS as unknown as readonly [number, number, number, number, number, number];
  const end = row.length - 2 * HALF * channels;
  for (let i = 0; i < end; i++) {
    out[i] =
      t0 * ((row[i] as number) + (row[i + 10 * channels] as number)) +
      t1 * ((row[i + channels] as number) + (row[i + 9 * channels] as number)) +
      t2 * ((row[i + 2 * channels] as number) + (row[i + 8 * channels] as number)) +
      t3 * ((row[i + 3 * channels] as number) + (row[i + 7 * channels] as number)) +
      t4 * ((row[i + 4 * channels] as number) + (row[i + 6 * channels] as number)) +
      t5 * (row[i + 5 * channels] as number);
  }
}

function divideByMask(maps: Float64Array, stride: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const mask = maps[i + 4 * stride] as number;
    // A window without a valid pixel has no valid centre either, so its value is never used.
    const share = mask > 0 ? 1 / mask : 0;
    for (let map = 0; map < 4; map++) maps[i + map * stride] = (maps[i + map * stride] as number) * share;
  }
}

/** Σ weight·ssim and Σ weight·contrast of one channel along a row of windows. */
function rowSums(
  maps: Float64Array,
  stride: number,
  channel: number,
  channels: number,
  weights: Float64Array,
  {c1, c2, centre}: SsimConstants,
): [number, number] {
  let ssim = 0;
  let contrast = 0;
  for (let window = 0; window < weights.length; window++) {
    const weight = weights[window] as number;
    // What does not weigh must not count even when it is NaN.
    if (weight === 0) continue;
    const i = window * channels + channel;
    const x = maps[i] as number;
    const y = maps[i + stride] as number;
    const difference = x - y;
    const squared = difference * difference;
    const luminance = 1 - squared / ((x + centre) * (x + centre) + (y + centre) * (y + centre) + c1);
    // Rounding can leave a variance of −1e-18, and SSIM a hair above 1.
    const unlike = Math.max(0, (maps[i + 3 * stride] as number) - squared);
    const term = weight * (1 - unlike / ((maps[i + 2 * stride] as number) - (x * x + y * y) + c2));
    contrast += term;
    ssim += luminance * term;
  }
  return [ssim, contrast];
}
