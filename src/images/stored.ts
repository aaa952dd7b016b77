import {SampleError} from '../errors.js';
import type {Raster} from './raster.js';

/** A file's pixels before the alpha and colour options: with `alpha`, the last channel is one. */
export interface StoredImage {
  readonly raster: Raster;
  readonly alpha: boolean;
}

/** The error of a file whose content is broken. `why` is a clause: what is wrong with it. */
export function damaged(path: string, why: string, cause?: unknown): SampleError {
  return new SampleError('decode-failed', `${path}: ${why}`, {cause});
}

/**
 * Checks a header's size before anything is allocated.
 * Throws SampleError `too-many-pixels` over the cap, `decode-failed` for an image without pixels.
 */
export function checkPixels(width: number, height: number, maxPixels: number, path: string): void {
  if (width < 1 || height < 1) throw damaged(path, `an image of ${width}x${height} pixels has nothing to score`);
  if (width * height > maxPixels) {
    throw new SampleError(
      'too-many-pixels',
      `${path}: ${width}x${height} is ${width * height} pixels, the limit is ${maxPixels}; raise image.max_pixels to read it`,
    );
  }
}
