import {open} from 'node:fs/promises';
import type {Metadata} from 'sharp';
import type {ImageOptions} from '../decode.js';
import {type Format, recogniseFormat} from '../format.js';
import {checkJpegCoding} from '../jpeg-header.js';
import {loadSharp} from '../sharp.js';

/** What a file that may be read in strips says before it is decoded. */
export interface StripFile {
  readonly format: 'png' | 'jpeg';
  readonly width: number;
  readonly height: number;
  /** Whether it is read as the numbers that it stores, and not as pixels. */
  readonly ids: boolean;
  /** Whether its pixels are colours, and not numbers of one channel or of a palette. */
  readonly colours: boolean;
  /** Why its pixels cannot be written row by row, as a clause; null where they can. */
  readonly whole: string | null;
}

/** The options that may need an image whole. */
type StripOptions = Pick<ImageOptions, 'orient' | 'color' | 'icc' | 'alpha'>;

/** What is asked of a file. */
export interface StripLook {
  readonly pixels: number;
  readonly image: StripOptions;
  /** Whether it is read as ids; as pixels by default. */
  readonly ids?: boolean;
}

/** Covers the signature and the header of a PNG. */
const SHORT_BYTES = 64;
/** Covers what cameras write before the header of a JPEG's pixels. */
const LONG_BYTES = 2 ** 20;

const STREAMED: ReadonlySet<Format> = new Set(['png', 'jpeg']);

/**
 * Looks at a file; null where its format is not read in strips, and where it has no more than `pixels`. What is wrong with a
 * file is left to its decoder. Throws the system's error for a file that cannot be read, and SampleError for a JPEG of a kind
 * that is not read.
 */
export async function readStripFile(
  path: string,
  shown: string,
  {pixels, image, ids = false}: StripLook,
): Promise<StripFile | null> {
  const head = await readHead(path, SHORT_BYTES);
  const format = formatOf(head, shown);
  if (format === null || (format === 'png' && pngPixels(head) <= pixels)) return null;
  const library = await loadSharp();
  const metadata = await library(path, {limitInputPixels: false})
    .metadata()
    .catch(() => null);
  if (!metadata || metadata.width * metadata.height <= pixels) return null;
  if (format === 'jpeg') checkJpegCoding(await readHead(path, LONG_BYTES), shown);
  const {width, height, channels, isPalette} = metadata;
  const whole = ids ? whyWholeIds(head, format) : whyWhole(format, metadata, image);
  return {format, width, height, ids, colours: channels > 2 && !isPalette, whole};
}

/** The same of ids, from the first bytes of a file: its colour type and whether it is interlaced are those of its header. */
function whyWholeIds(head: Buffer, format: StripFile['format']): string | null {
  const [colourType, interlaced] = [head[25], head[28]];
  if (format !== 'png' || (colourType !== 0 && colourType !== 3))
    return 'of masks only grey and palette PNGs are scored in strips';
  return interlaced ? `${PROGRESSIVE.png} is decoded whole` : null;
}

function whyWhole(format: StripFile['format'], metadata: Metadata, image: StripOptions): string | null {
  const {isProgressive, orientation = 1, hasProfile, hasAlpha} = metadata;
  if (isProgressive) return `${PROGRESSIVE[format]} is decoded whole`;
  if (image.orient && orientation > 1) return 'an image that its EXIF turns is decoded whole';
  if (image.color !== 'auto') return 'image.color needs it whole';
  if (image.icc === 'convert' && hasProfile) return 'image.icc needs it whole';
  return hasAlpha && typeof image.alpha === 'object' ? 'image.alpha needs it whole to blend it' : null;
}

const PROGRESSIVE = {png: 'an interlaced PNG', jpeg: 'a progressive JPEG'};

function pngPixels(head: Buffer): number {
  return head.length < 24 ? 0 : head.readUInt32BE(16) * head.readUInt32BE(20);
}

function formatOf(head: Buffer, shown: string): 'png' | 'jpeg' | null {
  try {
    const format = recogniseFormat(head, shown);
    return STREAMED.has(format) ? (format as 'png' | 'jpeg') : null;
  } catch {
    return null;
  }
}

async function readHead(path: string, length: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
