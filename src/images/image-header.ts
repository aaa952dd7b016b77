import {open, readFile} from 'node:fs/promises';
import {readBmpLayout} from './bmp-header.js';
import {type Format, recogniseFormat} from './format.js';
import {readNpyHeader} from './npy-header.js';
import {decodeNpz} from './npz.js';
import {readPnmHeader} from './pnm-header.js';
import {loadSharp} from './sharp.js';
import {damaged} from './stored.js';
import {readTiffFile, TAGS, type TiffDirectory} from './tiff-directory.js';
import {readTiffLayout} from './tiff-layout.js';

/** What an image file says of itself. */
export interface ImageHeader {
  readonly format: Format;
  /** As shown: after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** Alpha aside; 1 where a palette holds the colours. */
  readonly channels: number;
  readonly alpha: boolean;
  /** `8-bit` and the like for unsigned integers, `boolean`, `int16`, `float32` and the like for others. */
  readonly depth: string;
  readonly palette: boolean;
  /** Images in a TIFF. */
  readonly pages: number;
  /** Whether an ICC profile is embedded. */
  readonly profile: boolean;
  readonly cmyk: boolean;
  /** Bytes of the file that were read for it, as far as that is known. */
  readonly bytesRead: number;
}

type Read = (path: string, format: Format) => Promise<Omit<ImageHeader, 'format'>>;

/** Covers the longest NPY header. */
const HEAD_BYTES = 66 * 1024;
/** A header is only told here; decoding holds it against the cap. */
const ANY_SIZE = Number.MAX_SAFE_INTEGER;
const LARGEST_ARRAY = 64_000_000;

const PLAIN = {alpha: false, palette: false, pages: 1, profile: false, cmyk: false};

const READERS: Readonly<Record<Format, Read>> = {
  png: readWithSharp,
  jpeg: readWithSharp,
  webp: readWithSharp,
  avif: readWithSharp,
  tiff: readTiff,
  bmp: readBmp,
  pnm: readPnm,
  npy: readNpy,
  npz: readNpz,
};

/**
 * Reads a file's header, without decoding pixels (but for NPZ). TIFF, BMP, PNM and NPZ are read whole.
 * Throws SampleError as `decodeImage` does, and the system's error for a file that cannot be read.
 */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  const format = recogniseFormat((await readHead(path)).head, path);
  return {format, ...(await READERS[format](path, format))};
}

async function readHead(path: string): Promise<{head: Buffer; length: number}> {
  const handle = await open(path);
  try {
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return {head: buffer.subarray(0, bytesRead), length: (await handle.stat()).size};
  } finally {
    await handle.close();
  }
}

const SHARP_BITS: Readonly<Record<string, string>> = {uchar: '8-bit', ushort: '16-bit'};

async function readWithSharp(path: string, format: Format): Promise<Omit<ImageHeader, 'format'>> {
  const library = await loadSharp();
  const metadata = await library(path, {limitInputPixels: false})
    .metadata()
    .catch((cause: unknown) => {
      throw damaged(path, `the ${format.toUpperCase()} header is damaged or cut short`, cause);
    });
  const {autoOrient, channels, hasAlpha, isPalette = false, depth, bitsPerSample, space, hasProfile} = metadata;
  return {
    ...autoOrient,
    channels: isPalette ? 1 : channels - Number(hasAlpha),
    alpha: hasAlpha,
    depth: bitsPerSample === undefined ? (SHARP_BITS[depth] ?? depth) : `${bitsPerSample}-bit`,
    palette: isPalette,
    pages: 1,
    profile: hasProfile,
    cmyk: space === 'cmyk',
    bytesRead: HEAD_BYTES,
  };
}

async function readTiff(path: string): Promise<Omit<ImageHeader, 'format'>> {
  const bytes = await readFile(path);
  const {pages} = readTiffFile(bytes, path);
  const directory = pages[0] as TiffDirectory;
  const {width, height, samples, kind, bits, colour, alpha} = readTiffLayout(directory, path, ANY_SIZE);
  const turned = (directory.numbers(TAGS.orientation)[0] ?? 1) > 4;
  return {
    width: turned ? height : width,
    height: turned ? width : height,
    channels: alpha === 'none' ? samples : samples - 1,
    alpha: alpha !== 'none',
    depth: kind === 'u' ? `${bits}-bit` : `${kind === 'i' ? 'int' : 'float'}${bits}`,
    palette: colour === 'palette',
    pages: pages.length,
    profile: directory.content(TAGS.profile) !== undefined,
    cmyk: colour === 'cmyk',
    bytesRead: bytes.length,
  };
}

async function readBmp(path: string): Promise<Omit<ImageHeader, 'format'>> {
  const bytes = await readFile(path);
  const {width, height, bits, bytes: places} = readBmpLayout(bytes, path, ANY_SIZE);
  const palette = bits <= 8;
  const alpha = bits === 32 && places[3] !== null;
  return {
    ...PLAIN,
    width,
    height,
    channels: palette ? 1 : 3,
    alpha,
    depth: palette ? `${bits}-bit` : '8-bit',
    palette,
    bytesRead: bytes.length,
  };
}

async function readPnm(path: string): Promise<Omit<ImageHeader, 'format'>> {
  const bytes = await readFile(path);
  const {width, height, channels, alpha, coding, maximum} = readPnmHeader(bytes, path, ANY_SIZE);
  const bits = Math.ceil(Math.log2(maximum + 1));
  return {
    ...PLAIN,
    width,
    height,
    channels: channels - Number(alpha),
    alpha,
    depth: coding === 'floats' ? 'float32' : `${bits}-bit`,
    bytesRead: bytes.length,
  };
}

async function readNpy(path: string): Promise<Omit<ImageHeader, 'format'>> {
  const {head, length} = await readHead(path);
  const {width, height, channels, dtype} = readNpyHeader(head, length, ANY_SIZE, path);
  const bits = 8 * Number(dtype[1]);
  const names: Readonly<Record<string, string>> = {b: 'boolean', u: `${bits}-bit`, i: `int${bits}`, f: `float${bits}`};
  return {...PLAIN, width, height, channels, depth: names[dtype.charAt(0)] ?? dtype, bytesRead: head.length};
}

async function readNpz(path: string): Promise<Omit<ImageHeader, 'format'>> {
  const bytes = await readFile(path);
  const {width, height, channels, data} = await decodeNpz(bytes, path, 'labels', LARGEST_ARRAY);
  const [, kind = '', bits = ''] = /^(Uint|Int|Float)(\d+)Array$/.exec(data.constructor.name) ?? [];
  const depth = kind === 'Uint' ? `${bits}-bit` : `${kind.toLowerCase()}${bits}`;
  return {...PLAIN, width, height, channels, depth, bytesRead: bytes.length};
}
