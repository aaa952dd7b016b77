import {BLOCK_BYTES} from './blocks.js';
import {arrayOf, type Elements, roomBeside, type WritableElements} from './elements.js';
import type {PixelData, View} from './view.js';
import {kernels, regions} from './wasm.js';

/** What becomes of rows and columns that fill no box: they are left out, or the last is repeated until they do. */
export type Remainder = 'drop' | 'repeat';

/** An image of boxes' sums. */
export interface ShrunkView<Data extends Elements = Elements> extends View<Data> {
  /** The largest element that it can hold; Infinity where that is not known. */
  readonly largest: number;
}

/**
 * An image shrunk by `factor`: every pixel the mean of a box. What is kept are the boxes' sums, with a scale to match; of 8-bit
 * images they are whole numbers of 16 bits where those hold them (any factor up to 16, or four halvings), else float64.
 */
export function shrink(view: View, factor: number, remainder: Remainder): ShrunkView<PixelData>;
export function shrink(view: View<Elements>, factor: number, remainder: Remainder): ShrunkView;
export function shrink(view: View<Elements> | ShrunkView, factor: number, remainder: Remainder): ShrunkView {
  const round = remainder === 'drop' ? Math.floor : Math.ceil;
  const {channels} = view;
  const [height, width] = [round(view.height / factor), round(view.width / factor)];
  const area = factor ** 2;
  const largest = area * largestOf(view);
  const length = height * width * channels;
  const whole = largest <= 65_535;
  const data = roomBeside(view.data, whole ? Uint16Array : Float64Array, length);
  const shrunk = {...view, data, height, width, scale: view.scale / area, largest};
  if (factor === 2 && whole) addSquaresFast(view, shrunk);
  else if (factor === 2) addSquares(view, shrunk);
  else addBoxes(view, shrunk, factor);
  return shrunk;
}

function largestOf(view: View<Elements> | ShrunkView): number {
  if ('largest' in view) return view.largest;
  return arrayOf(view.data) === Uint8Array ? 255 : Infinity;
}

/** Where sums of boxes go. */
type Room = View<WritableElements>;

/** Sums of 2×2 elements of 8 or 16 bits, by the SIMD kernel, so many rows at a time. */
function addSquaresFast({data, width, height, channels}: View<Elements>, to: Room): void {
  const [kernel, array] =
    arrayOf(data) === Uint8Array ? (['halveU8', Uint8Array] as const) : (['halveU16', Uint16Array] as const);
  const line = width * channels;
  const stride = line * array.BYTES_PER_ELEMENT;
  const outLine = to.width * channels;
  const rows = Math.max(1, Math.floor(BLOCK_BYTES / (2 * stride)));
  const needed = [2 * rows * stride, 2 * rows * outLine + 16, kernels().halveWorkspace()];
  const [at, sums, tables] = regions(...needed) as [number, number, number];
  const {buffer} = kernels().memory;
  const halved = (from: number, count: number, down: number) => {
    const input = data.subarray(2 * from * line, Math.min(2 * (from + count), height) * line);
    new array(buffer, at, input.length).set(input);
    kernels()[kernel](at, count, stride, down, Math.min(width, 2 * to.width), channels, tables, sums);
    to.data.set(new Uint16Array(buffer, sums, count * outLine), from * outLine);
  };
  const whole = Math.floor(height / 2);
  for (let from = 0; from < whole; from += rows) halved(from, Math.min(rows, whole - from), stride);
  // An odd last row stands for itself twice.
  if (whole < to.height) halved(whole, 1, 0);
}

/** Sums of 2×2 elements. */
function addSquares(from: View<Elements>, to: Room): void {
  const {channels} = from;
  const stride = from.width * channels;
  const sums = new Float64Array(to.width * channels);
  for (let y = 0; y < to.height; y++) {
    const rows = Math.min(2, from.height - 2 * y);
    const data = from.data.subarray(2 * y * stride, (2 * y + rows) * stride);
    const bottom = (rows - 1) * stride;
    let at = 0;
    for (let x = 0; x < to.width; x++) {
      const left = 2 * x * channels;
      const right = Math.min(2 * x + 1, from.width - 1) * channels;
      for (let channel = 0; channel < channels; channel++) {
        sums[at++] =
          (data[left + channel] as number) +
          (data[right + channel] as number) +
          ((data[bottom + left + channel] as number) + (data[bottom + right + channel] as number));
      }
    }
    to.data.set(sums, y * sums.length);
  }
}

function addBoxes(from: View<Elements>, to: Room, factor: number): void {
  const {channels} = from;
  const stride = from.width * channels;
  const sums = new Float64Array(to.width * channels);
  for (let y = 0; y < to.height; y++) {
    sums.fill(0);
    for (let row = y * factor; row < (y + 1) * factor; row++) {
      const start = Math.min(row, from.height - 1) * stride;
      const data = from.data.subarray(start, start + stride);
      for (let column = 0; column < to.width * factor; column++) {
        const at = Math.min(column, from.width - 1) * channels;
        const box = Math.floor(column / factor) * channels;
        for (let channel = 0; channel < channels; channel++) {
          sums[box + channel] = (sums[box + channel] as number) + (data[at + channel] as number);
        }
      }
    }
    to.data.set(sums, y * sums.length);
  }
}
