import type {PixelData} from '../kernels/view.js';

/** A decoded image: row-major `[height, width, channels]`, values as stored, alpha already dealt with. */
export interface Raster {
  readonly data: PixelData;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The largest value of the stored integer type (255, 65535, …, 1 for booleans); null for floats. */
  readonly maximum: number | null;
}
