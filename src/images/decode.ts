import {type AlphaPolicy, resolveAlpha} from './alpha.js';
import {decodeBmp} from './bmp.js';
import {collapseEqualChannels, convertColour} from './channels.js';
import {type Format, recogniseFormat} from './format.js';
import {decodeNpy} from './npy.js';
import {decodeNpz} from './npz.js';
import {readPngLayout} from './png-chunks.js';
import {decodePngIds} from './png-ids.js';
import type {Raster} from './raster.js';
import {type Reading, readsIds} from './reading.js';
import {decodeWithSharp} from './sharp.js';
import {checkPixels, type StoredImage} from './stored.js';

/** How image files become rasters: the `image` section of a config. */
export interface ImageOptions {
  /** `auto`: as stored. Concerns pixels only. */
  readonly color: 'auto' | 'grey' | 'rgb';
  readonly alpha: AlphaPolicy;
  /** Whether the EXIF orientation of photographs is applied. Concerns pixels only. */
  readonly orient: boolean;
  /** The largest width × height; the header is held against it before anything is decoded. */
  readonly maxPixels: number;
}

type Decoder = (bytes: Buffer, path: string, reading: Reading, options: ImageOptions) => Promise<StoredImage>;

const DECODERS: Readonly<Record<Format, Decoder>> = {
  png: decodePng,
  jpeg: (bytes, path, reading, options) => decodePhoto(bytes, path, 'JPEG', reading, options),
  webp: (bytes, path, reading, options) => decodePhoto(bytes, path, 'WebP', reading, options),
  bmp: async (bytes, path, reading, {maxPixels}) => decodeBmp(bytes, path, reading, maxPixels),
  npy: async (bytes, path, reading, {maxPixels}) => ({
    raster: decodeNpy(bytes, path, reading, maxPixels),
    alpha: false,
  }),
  npz: async (bytes, path, reading, {maxPixels}) => ({
    raster: await decodeNpz(bytes, path, reading, maxPixels),
    alpha: false,
  }),
};

/**
 * Decodes an image file: `[height, width, channels]` at the stored depth, without alpha. The format is recognised
 * by content. Readings of ids (`labels`, `instances`) keep palette indices and low-bit greys as they are; they and
 * `weights` take an image of three equal channels as the grey it shows. `path` serves messages only.
 * Throws SampleError `empty-file`, `not-an-image`, `unsupported-format`, `decode-failed`, `too-many-pixels`,
 * `alpha`, `channels`, `dtype`, `shape`, `arrays`.
 */
export async function decodeImage(
  bytes: Buffer,
  path: string,
  reading: Reading,
  options: ImageOptions,
): Promise<Raster> {
  const {raster, alpha} = await DECODERS[recogniseFormat(bytes, path)](bytes, path, reading, options);
  const plain = alpha ? resolveAlpha(raster, reading, options.alpha, path) : raster;
  if (reading === 'pixels') return convertColour(plain, options.color, path);
  return reading === 'scores' ? plain : collapseEqualChannels(plain);
}

async function decodePng(bytes: Buffer, path: string, reading: Reading, options: ImageOptions): Promise<StoredImage> {
  const layout = readPngLayout(bytes, path);
  checkPixels(layout.width, layout.height, options.maxPixels, path);
  const oneNumber = layout.colourType === 0 || layout.colourType === 3;
  if (oneNumber && readsIds(reading)) return {raster: await decodePngIds(layout, path), alpha: false};
  return decodePhoto(bytes, path, 'PNG', reading, options);
}

function decodePhoto(bytes: Buffer, path: string, name: string, reading: Reading, options: ImageOptions) {
  return decodeWithSharp(bytes, path, name, {
    orient: options.orient && reading === 'pixels',
    maxPixels: options.maxPixels,
  });
}
