import {unsupported} from './format.js';
import {checkPixels, damaged} from './stored.js';

/** What a BMP says before its pixels. */
export interface BmpLayout {
  readonly width: number;
  readonly height: number;
  /** Rows from top to bottom; the usual order is from bottom to top. */
  readonly topDown: boolean;
  readonly bits: 1 | 4 | 8 | 24 | 32;
  /** Blue, green, red triples. */
  readonly palette: readonly (readonly [number, number, number])[];
  /** Byte of red, green, blue and alpha within a 32-bit pixel; alpha null when the header declares none. */
  readonly bytes: readonly [number, number, number, number | null];
  /** Where the pixels begin. */
  readonly offset: number;
  /** Bytes of a row, padding included. */
  readonly stride: number;
}

const COMPRESSIONS = ['none', 'RLE8', 'RLE4', 'bit fields', 'JPEG', 'PNG', 'alpha bit fields'];
const BIT_FIELDS = 3;
const ALPHA_BIT_FIELDS = 6;

/** The bit mask of each byte of a 32-bit pixel. */
const BYTE_MASKS = [0xff, 0xff00, 0xff0000, 0xff000000];

/**
 * Reads a BMP's headers (core, info and their later versions) and holds them against the file's size and the pixel cap.
 * Throws SampleError `decode-failed`, `unsupported-format` (run-length coding, 16 bits, masks within bytes), `too-many-pixels`.
 * Reference: Microsoft, Bitmap Storage.
 */
export function readBmpLayout(file: Buffer, path: string, maxPixels: number): BmpLayout {
  const headerSize = file.length >= 26 ? file.readUInt32LE(14) : 0;
  const core = headerSize === 12;
  if (!(core || headerSize >= 40) || 14 + headerSize > file.length) {
    throw damaged(path, 'the BMP header is damaged or cut short');
  }
  const width = core ? file.readUInt16LE(18) : file.readInt32LE(18);
  const storedHeight = core ? file.readUInt16LE(20) : file.readInt32LE(22);
  const height = Math.abs(storedHeight);
  const bits = file.readUInt16LE(core ? 24 : 28);
  const compression = core ? 0 : file.readUInt32LE(30);
  if (width < 0) throw damaged(path, `the BMP header is damaged: a width of ${width}`);
  checkPixels(width, height, maxPixels, path);
  checkCoding(bits, compression, path);
  const offset = file.readUInt32LE(10);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (offset + stride * height > file.length) {
    throw damaged(
      path,
      `the BMP is cut short: ${width}x${height} of ${bits} bits does not fit its ${file.length} bytes`,
    );
  }
  return {
    width,
    height,
    topDown: storedHeight < 0,
    bits,
    palette: bits <= 8 ? readPalette(file, headerSize, bits, offset, path) : [],
    bytes: compression === 0 ? [2, 1, 0, null] : readMasks(file, headerSize, compression, path),
    offset,
    stride,
  };
}

function checkCoding(bits: number, compression: number, path: string): asserts bits is BmpLayout['bits'] {
  const fields = compression === BIT_FIELDS || compression === ALPHA_BIT_FIELDS;
  if (compression !== 0 && !fields) {
    throw unsupported(
      path,
      `a BMP with ${COMPRESSIONS[compression] ?? `unknown (${compression})`} compression cannot be read`,
    );
  }
  if (![1, 4, 8, 24, 32].includes(bits) || (fields && bits !== 32)) {
    throw unsupported(path, `a BMP of ${bits} bits a pixel cannot be read; expected 1, 4, 8, 24 or 32`);
  }
}

function readPalette(
  file: Buffer,
  headerSize: number,
  bits: number,
  offset: number,
  path: string,
): [number, number, number][] {
  const core = headerSize === 12;
  const size = core ? 3 : 4;
  const claimed = core ? 0 : file.readUInt32LE(46);
  const from = 14 + headerSize;
  // Writers leave the count 0 for "all", and some store fewer entries than that before the pixels.
  const colours = Math.min(claimed || 2 ** bits, 2 ** bits, Math.floor((offset - from) / size));
  if (colours < 1) throw damaged(path, 'the BMP has no palette');
  return Array.from({length: colours}, (_, i) => {
    const at = from + i * size;
    return [file[at] as number, file[at + 1] as number, file[at + 2] as number];
  });
}

function readMasks(file: Buffer, headerSize: number, compression: number, path: string): BmpLayout['bytes'] {
  // After a plain info header the masks follow it; later versions hold them at the same place, alpha from 56 bytes on.
  const hasAlpha = compression === ALPHA_BIT_FIELDS || headerSize >= 56;
  const masks = [0, 1, 2, 3].slice(0, hasAlpha ? 4 : 3).map((i) => {
    const at = 54 + 4 * i;
    if (at + 4 > file.length) throw damaged(path, 'the BMP header is cut short');
    return file.readUInt32LE(at);
  });
  const [red = -1, green = -1, blue = -1] = masks.map((mask) => BYTE_MASKS.indexOf(mask));
  const alphaMask = masks[3] ?? 0;
  const alpha = alphaMask === 0 ? null : BYTE_MASKS.indexOf(alphaMask);
  if ([red, green, blue, alpha ?? 0].includes(-1) || new Set([red, green, blue, alpha]).size < 4) {
    throw unsupported(path, 'a BMP whose channels are not whole bytes cannot be read');
  }
  return [red, green, blue, alpha];
}
