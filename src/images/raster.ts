import type {Elements} from '../kernels/elements.js';
import type {PixelData} from '../kernels/view.js';

/** A decoded image: row-major `[height, width, channels]`, values as stored, alpha already dealt with. */
export interface Raster<Data extends Elements = PixelData> {
  readonly data: Data;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The largest value of the stored integer type (255, 65535, …, 1 for booleans); null for floats. */
  readonly maximum: number | null;
}
