import {availableParallelism} from 'node:os';
import {isMainThread} from 'node:worker_threads';
import {SampleError} from '../errors.js';
import {type AlphaPolicy, resolveAlpha} from './alpha.js';
import {decodeAvif} from './avif.js';
import {decodeBmp} from './bmp.js';
import {collapseEqualChannels, convertColour} from './channels.js';
import {type Format, recogniseFormat, unsupported} from './format.js';
import {checkJpegCoding} from './jpeg-header.js';
import {decodeNpy} from './npy.js';
import {decodeNpz} from './npz.js';
import {idsOfColours, idsOfIndices, type Palette} from './palette.js';
import {readPngLayout} from './png-chunks.js';
import {knownHeader} from './png-header.js';
import {decodePngIds} from './png-ids.js';
import {decodePngPixels, storesPixels} from './png-pixels.js';
import {decodePnm} from './pnm.js';
import {convertProfile} from './profile.js';
import type {Raster} from './raster.js';
import {type Reading, readsIds} from './reading.js';
import {type DecodeOptions, decodeWithSharp} from './sharp.js';
import {checkPixels, choosePage, type StoredImage} from './stored.js';
import {decodeTiff} from './tiff.js';

/** How image files become rasters: the `image` section of a config. */
export interface ImageOptions {
  /** `auto`: as stored. Concerns pixels only. */
  readonly color: 'auto' | 'grey' | 'rgb';
  readonly alpha: AlphaPolicy;
  /** Whether the EXIF orientation of photographs is applied. Concerns pixels only. */
  readonly orient: boolean;
  /** `ignore`: the numbers stored; `convert`: an embedded profile is converted to sRGB. Concerns pixels only. */
  readonly icc: 'ignore' | 'convert';
  /** The page of a TIFF of several, counted from 0. */
  readonly page: number | null;
  /** The largest width × height; the header is held against it before anything is decoded. */
  readonly maxPixels: number;
  /** Colours of masks and their ids; concerns readings of ids. Null: a mask in colours is refused by its channels. */
  readonly palette: Palette | null;
}

/** A thread, and a process with one core, has no other to decode while it computes: it does both, in the least time together. */
const isAlone = !isMainThread || availableParallelism() === 1;

/** Formats that may change colours. */
const LOSSY: ReadonlySet<Format> = new Set(['jpeg', 'webp', 'avif']);

/** Formats of arrays, in which any number of channels is meant. */
const ARRAYS: ReadonlySet<Format> = new Set(['npy', 'npz']);

type Decoder = (bytes: Buffer, path: string, reading: Reading, options: ImageOptions) => Promise<StoredImage>;

const DECODERS: Readonly<Record<Format, Decoder>> = {
  png: decodePng,
  jpeg: (bytes, path, reading, options) => {
    checkJpegCoding(bytes, path);
    return decodeWithSharp(bytes, path, 'JPEG', photoOptions(reading, options));
  },
  webp: (bytes, path, reading, options) => decodeWithSharp(bytes, path, 'WebP', photoOptions(reading, options)),
  avif: (bytes, path, reading, options) => decodeAvif(bytes, path, photoOptions(reading, options)),
  tiff: decodeTiff,
  bmp: async (bytes, path, reading, {maxPixels}) => decodeBmp(bytes, path, reading, maxPixels),
  pnm: async (bytes, path, _reading, {maxPixels}) => decodePnm(bytes, path, maxPixels),
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
 * by content. Readings of ids (`labels`, `instances`, `mask`) keep palette indices and low-bit greys as they are; they and
 * `weights` take an image of three equal channels as the grey it shows. Under a palette, colours become ids. `path` serves
 * messages only.
 * Throws SampleError `empty-file`, `not-an-image`, `unsupported-format`, `decode-failed`, `too-many-pixels`,
 * `alpha`, `channels`, `dtype`, `shape`, `arrays`, `page`, `labels` (a colour that the palette lacks).
 */
export async function decodeImage(
  bytes: Buffer,
  path: string,
  reading: Reading,
  options: ImageOptions,
): Promise<Raster> {
  const format = recogniseFormat(bytes, path);
  // Only TIFF has pages to choose from.
  if (format !== 'tiff') choosePage(1, options.page, path);
  const {raster, alpha} = await inItsColours(
    await DECODERS[format](bytes, path, reading, options),
    path,
    reading,
    options,
  );
  const plain = alpha ? resolveAlpha(raster, reading, options.alpha, path) : raster;
  return reading === 'pixels'
    ? convertColour(plain, options.color, path)
    : asRead(plain, format, path, reading, options);
}

/** Values that are no pixels, in the channels that the reading wants. */
function asRead(stored: Raster, format: Format, path: string, reading: Reading, {palette}: ImageOptions): Raster {
  const {channels, maximum} = stored;
  const isScores = reading === 'mask' && (maximum === null || ARRAYS.has(format));
  if (reading === 'scores' || isScores) return stored;
  if (palette && readsIds(reading) && channels === 3 && maximum !== null && !ARRAYS.has(format)) {
    return idsOfColours(stored, palette, path, LOSSY.has(format));
  }
  const collapsed = collapseEqualChannels(stored);
  if (reading !== 'mask' || collapsed.channels === 1) return collapsed;
  throw new SampleError(
    'channels',
    `${path}: an image of ${collapsed.channels} channels is no mask; set palette for a mask in colours (scores of several classes come as NPY, NPZ or a file per class)`,
  );
}

/** The pixels after `image.icc`: without it those stored, which CMYK has no meaning without. */
async function inItsColours(stored: StoredImage, path: string, reading: Reading, {icc}: ImageOptions) {
  if (icc === 'convert' && reading === 'pixels') return convertProfile(stored, path);
  if (!stored.cmyk) return stored;
  const remedy = stored.profile ? ', or set image.icc to convert for pixels: it has a profile' : '';
  throw unsupported(path, `a CMYK image must be converted to RGB or grey${remedy}`);
}

async function decodePng(bytes: Buffer, path: string, reading: Reading, options: ImageOptions): Promise<StoredImage> {
  const layout = readPngLayout(bytes, path);
  checkPixels(layout.width, layout.height, options.maxPixels, path);
  const {colourType, depth, transparent} = layout;
  // Of opaque grey in whole bytes, the numbers are ids and scores alike.
  const plainGrey = colourType === 0 && depth >= 8 && !transparent && reading !== 'pixels';
  if (plainGrey || ((colourType === 0 || colourType === 3) && readsIds(reading))) {
    const known = numbersOf.get(bytes) ?? decodePngIds(layout, path);
    numbersOf.set(bytes, known);
    const stored = await known;
    const coloured = options.palette && layout.palette.length > 0;
    return {raster: coloured ? idsOfIndices(stored, layout.palette, options.palette) : stored, alpha: false};
  }
  if (isAlone && storesPixels(layout)) {
    // What is wrong with a damaged file libvips says everywhere.
    const stored = await decodePngPixels(layout, path).catch(() => null);
    if (stored) return stored;
  }
  try {
    return await decodeWithSharp(bytes, path, 'PNG', photoOptions(reading, options), knownHeader(layout));
  } catch (error) {
    // Where a checksum is wrong, that says more than the decoder does.
    layout.data();
    throw error;
  }
}

/** The numbers of a file's bytes, which the readings of one file share. */
const numbersOf = new WeakMap<Buffer, Promise<Raster>>();

function photoOptions(reading: Reading, {orient, maxPixels}: ImageOptions): DecodeOptions {
  return {orient: orient && reading === 'pixels', maxPixels};
}
