import {SampleError} from '../errors.js';
import type {Raster} from './raster.js';

/** A file's pixels before the alpha and colour options: with `alpha`, the last channel is one. */
export interface StoredImage {
  readonly raster: Raster;
  readonly alpha: boolean;
  /** The embedded ICC profile, not yet applied. */
  readonly profile?: Buffer | undefined;
  /** Whether the colours are the four inks of print. */
  readonly cmyk?: boolean;
}

/** Values in an array for each pixel allowed: room for scores of many classes on images of usual size. */
const VALUES_PER_PIXEL = 4;

/** The error of a file whose content is broken. `why` is a clause: what is wrong with it. */
export function damaged(path: string, why: string, cause?: unknown): SampleError {
  return new SampleError('decode-failed', `${path}: ${why}`, {cause});
}

/** The error of a file that the system does not let be read. */
export function unreadableFile(error: unknown, shown: string): SampleError {
  const {code = 'unknown error'} = error as NodeJS.ErrnoException;
  return new SampleError('unreadable-file', `${shown} cannot be read (${code})`, {cause: error});
}

/**
 * Checks a header's size before anything is allocated.
 * Throws SampleError `too-many-pixels` over the cap, `decode-failed` for an image without pixels.
 */
export function checkPixels(width: number, height: number, maxPixels: number, path: string): void {
  if (!(width >= 1 && height >= 1)) throw damaged(path, `an image of ${width}x${height} pixels has nothing to score`);
  if (width * height > maxPixels) {
    throw new SampleError(
      'too-many-pixels',
      `${path}: ${width}x${height} is ${width * height} pixels, the limit is ${maxPixels}; raise image.max_pixels to read it`,
    );
  }
}

/** The same where an image may have any number of channels. Throws SampleError `too-many-pixels`, `decode-failed`. */
export function checkValues(width: number, height: number, channels: number, maxPixels: number, path: string): void {
  checkPixels(width, height, maxPixels, path);
  const values = height * width * channels;
  if (values > maxPixels * VALUES_PER_PIXEL) {
    throw new SampleError(
      'too-many-pixels',
      `${path}: ${height} x ${width} x ${channels} is ${values} values, the limit is ${maxPixels * VALUES_PER_PIXEL} (${VALUES_PER_PIXEL} for each pixel of image.max_pixels)`,
    );
  }
}

/**
 * The page of a file to decode, counted from 0: the one asked for, or the only one.
 * Throws SampleError `page` where several are there and none is chosen, or the chosen one is not.
 */
export function choosePage(pages: number, asked: number | null, path: string): number {
  if (asked === null && pages > 1) {
    throw new SampleError('page', `${path}: the file has ${pages} pages; set image.page to one of 0 to ${pages - 1}`);
  }
  const page = asked ?? 0;
  if (page >= pages) {
    const has = pages === 1 ? 'one page, 0' : `pages 0 to ${pages - 1}`;
    throw new SampleError('page', `${path}: image.page is ${page}, the file has ${has}`);
  }
  return page;
}
