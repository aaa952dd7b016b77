import type sharp from 'sharp';
import type {Sharp} from 'sharp';
import {UsageError} from '../errors.js';
import {unsupported} from './format.js';
import {checkPixels, damaged, type StoredImage} from './stored.js';

let loading: Promise<typeof sharp> | undefined;

/** sharp, loaded on first use so that commands without images start quickly. Throws UsageError when it does not load. */
export function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(
    ({default: loaded}) => {
      // Files are decoded once each, several at a time: a cache and threads within a file would only take memory.
      loaded.cache(false);
      loaded.concurrency(1);
      return loaded;
    },
    (cause: unknown) => {
      throw new UsageError(
        'CVL-D003',
        `the image library sharp does not load on ${process.platform}-${process.arch}; install it again with npm`,
        {cause},
      );
    },
  );
  return loading;
}

/** The versions of sharp and its libvips, which decide what lossy formats decode to; none where it does not load, which decoding says. */
export async function decoderVersions(): Promise<Readonly<Record<string, string>>> {
  const {versions} = await loadSharp().catch(() => ({versions: null}));
  return versions === null ? {} : {sharp: versions.sharp ?? '', libvips: versions.vips};
}

/** What a header says, in the words of sharp's metadata. */
export interface KnownHeader {
  readonly width: number;
  readonly height: number;
  readonly pages?: number | undefined;
  readonly space: string;
  readonly hasAlpha: boolean;
  readonly depth: string;
  readonly icc?: Buffer | undefined;
}

/** How a file is decoded by sharp. */
export interface DecodeOptions {
  /** Whether the EXIF orientation is applied. */
  readonly orient: boolean;
  readonly maxPixels: number;
}

/** The output colour space that keeps the stored channels, by the space of the file. */
const KEEP: Readonly<Record<string, 'b-w' | 'grey16' | 'srgb' | 'rgb16' | 'cmyk'>> = {
  'b-w': 'b-w',
  grey16: 'grey16',
  srgb: 'srgb',
  rgb16: 'rgb16',
  cmyk: 'cmyk',
};

/**
 * Decodes PNG, JPEG, WebP or AVIF at the stored depth and channels: Uint8Array or Uint16Array, 1, 3 or (CMYK) 4
 * channels and alpha. Grey of 1, 2 or 4 bits is widened to 8, palettes become RGB. Embedded profiles and gamma are not
 * applied: values are those stored. A header that is known is not read again. Throws SampleError `too-many-pixels`, `unsupported-format` (animation), `decode-failed`.
 */
export async function decodeWithSharp(
  bytes: Buffer,
  path: string,
  name: string,
  options: DecodeOptions,
  header: KnownHeader | null = null,
): Promise<StoredImage> {
  const {image, wide, greyAlpha, space, metadata} = await openWithSharp(bytes, path, name, options, header);
  const {data, info} = await image
    .raw({depth: wide ? 'ushort' : 'uchar'})
    .toBuffer({resolveWithObject: true})
    .catch((cause: unknown) => failedWithSharp(path, name, cause));
  const values = rawValues(data, wide);
  return {
    raster: {
      data: greyAlpha ? firstAndLast(values, info.channels) : values,
      height: info.height,
      width: info.width,
      channels: greyAlpha ? 2 : info.channels,
      maximum: wide ? 65535 : 255,
    },
    alpha: metadata.hasAlpha,
    profile: metadata.icc,
    cmyk: space === 'cmyk',
  };
}

/** An image of sharp whose pixels, once they are asked for, are those stored. */
export interface OpenImage {
  readonly image: Sharp;
  /** Whether elements have 16 bits in place of 8. */
  readonly wide: boolean;
  /** Whether its pixels are grey, grey, grey, alpha. */
  readonly greyAlpha: boolean;
  readonly space: 'b-w' | 'grey16' | 'srgb' | 'rgb16' | 'cmyk';
  readonly metadata: KnownHeader;
}

/** Opens bytes or the file of a path, named `shown` in messages, as `decodeWithSharp` does, and throws as that does. */
export async function openWithSharp(
  input: Buffer | string,
  shown: string,
  name: string,
  options: DecodeOptions,
  header: KnownHeader | null = null,
): Promise<OpenImage> {
  const library = await loadSharp();
  const open = (limitInputPixels: number | false) =>
    library(input, {
      failOn: 'warning',
      sequentialRead: true,
      ignoreIcc: true,
      autoOrient: options.orient,
      limitInputPixels,
    });
  const metadata =
    header ??
    (await open(false)
      .metadata()
      .catch((cause: unknown) => failedWithSharp(shown, name, cause)));
  checkPixels(metadata.width, metadata.height, options.maxPixels, shown);
  if ((metadata.pages ?? 1) > 1) throw unsupported(shown, `an animated ${name} cannot be read`);
  const space = Object.hasOwn(KEEP, metadata.space) ? KEEP[metadata.space] : undefined;
  if (!space) throw unsupported(shown, `a ${name} in ${metadata.space.toUpperCase()} must be converted to RGB or grey`);
  // sharp drops the alpha of 8-bit grey on its way out; as RGB it keeps it.
  const greyAlpha = space === 'b-w' && metadata.hasAlpha;
  const plain = space === 'cmyk' ? open(options.maxPixels).pipelineColourspace('cmyk') : open(options.maxPixels);
  const image = plain.toColourspace(greyAlpha ? 'srgb' : space);
  return {image, wide: metadata.depth === 'ushort', greyAlpha, space, metadata};
}

/** Throws SampleError `decode-failed`. libvips shares its error text between threads, so the message is ours and its text only the cause. */
export function failedWithSharp(path: string, name: string, cause: unknown): never {
  throw damaged(path, `the ${name} data is damaged or cut short`, cause);
}

/** sharp's raw output as numbers of 8 or, `wide`, 16 bits. */
function rawValues(data: Buffer, wide: boolean): Uint8Array | Uint16Array {
  return wide ? new Uint16Array(aligned(data, 2)) : new Uint8Array(data.buffer, data.byteOffset, data.length);
}

function aligned(data: Buffer, size: number): ArrayBuffer {
  const {buffer, byteOffset, byteLength} = data;
  if (byteOffset % size === 0 && byteLength === buffer.byteLength) return buffer as ArrayBuffer;
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

function firstAndLast(values: Uint8Array | Uint16Array, channels: number): Uint8Array {
  const out = new Uint8Array((values.length / channels) * 2);
  for (let from = 0, to = 0; from < values.length; from += channels) {
    out[to++] = values[from] as number;
    out[to++] = values[from + channels - 1] as number;
  }
  return out;
}
