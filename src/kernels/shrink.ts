import type {PixelData, View} from './view.js';

/** What becomes of rows and columns that fill no box: they are left out, or the last is repeated until they do. */
export type Remainder = 'drop' | 'repeat';

/** An image of boxes' sums. */
export interface ShrunkView extends View {
  /** The largest element that it can hold; Infinity where that is not known. */
  readonly largest: number;
}

/**
 * An image shrunk by `factor`: every pixel the mean of a box. What is kept are the boxes' sums, with a scale to match; of 8-bit
 * images they are whole numbers of 16 bits where those hold them (any factor up to 16, or four halvings), else float64.
 */
export function shrink(view: View | ShrunkView, factor: number, remainder: Remainder): ShrunkView {
  const round = remainder === 'drop' ? Math.floor : Math.ceil;
  const {channels} = view;
  const [height, width] = [round(view.height / factor), round(view.width / factor)];
  const area = factor ** 2;
  const largest = area * largestOf(view);
  const length = height * width * channels;
  const data = largest <= 65_535 ? new Uint16Array(length) : new Float64Array(length);
  const shrunk = {...view, data, height, width, scale: view.scale / area, largest};
  if (factor === 2) addSquares(view, shrunk);
  else addBoxes(view, shrunk, factor);
  return shrunk;
}

function largestOf(view: View | ShrunkView): number {
  if ('largest' in view) return view.largest;
  return view.data instanceof Uint8Array ? 255 : Infinity;
}

/** Sums of 2×2 elements. */
function addSquares(from: View, to: View): void {
  const {data, channels} = from;
  const out = to.data;
  const stride = from.width * channels;
  let at = 0;
  for (let y = 0; y < to.height; y++) {
    const top = 2 * y * stride;
    const bottom = Math.min(2 * y + 1, from.height - 1) * stride;
    for (let x = 0; x < to.width; x++) {
      const left = 2 * x * channels;
      const right = Math.min(2 * x + 1, from.width - 1) * channels;
      for (let channel = 0; channel < channels; channel++) {
        out[at++] =
          (data[top + left + channel] as number) +
          (data[top + right + channel] as number) +
          ((data[bottom + left + channel] as number) + (data[bottom + right + channel] as number));
      }
    }
  }
}

function addBoxes(from: View, to: View, factor: number): void {
  const {data, channels} = from;
  const sums = new Float64Array(to.width * channels);
  for (let y = 0; y < to.height; y++) {
    sums.fill(0);
    for (let row = y * factor; row < (y + 1) * factor; row++) {
      const start = Math.min(row, from.height - 1) * from.width * channels;
      for (let column = 0; column < to.width * factor; column++) {
        const at = start + Math.min(column, from.width - 1) * channels;
        const box = Math.floor(column / factor) * channels;
        for (let channel = 0; channel < channels; channel++) {
          sums[box + channel] = (sums[box + channel] as number) + (data[at + channel] as number);
        }
      }
    }
    (to.data as PixelData).set(sums, y * sums.length);
  }
}
