import type {Elements} from './elements.js';

/** The element types an image is stored in. */
export type PixelData =
  | Uint8Array
  | Uint16Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * One image as a loss reads it: row-major `[height, width, channels]`, without alpha.
 * The value of element i is `data[i] * scale + offset`, so that 8-bit pixels need no float copy.
 */
export interface View<Data extends Elements = PixelData> {
  /** Row-major, channels last. */
  readonly data: Data;
  /** What an element is multiplied by. */
  readonly scale: number;
  /** What is added then: pixel = element · scale + offset. */
  readonly offset: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** Values of each pixel. */
  readonly channels: number;
  /** Whether the file stored integers (`input: auto` takes those as probabilities). */
  readonly integer: boolean;
  /** The image that it is rows of, and how many are above them; of an image that is read in strips. */
  readonly within?: {readonly image: View<Elements>; readonly top: number};
}

/** Copies the values of a view into `out`, from `at` on. */
export function copyValues(view: View, out: Float32Array | Float64Array, at = 0): void {
  const {data, scale, offset} = view;
  if (scale === 1 && offset === 0) {
    out.set(data, at);
    return;
  }
  for (let i = 0; i < data.length; i++) out[at + i] = (data[i] as number) * scale + offset;
}
