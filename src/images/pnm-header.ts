import {printable} from '../printable.js';
import {unsupported} from './format.js';
import {checkValues, damaged} from './stored.js';

/** What a PNM, PAM or PFM file says before its pixels. */
export interface PnmHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly alpha: boolean;
  /** `ascii` and `bytes` are integers up to `maximum`, `bits` are packed pixels with 1 for black, `floats` float32. */
  readonly coding: 'ascii' | 'ascii-bits' | 'bits' | 'bytes' | 'floats';
  readonly maximum: number;
  /** The byte order of floats. */
  readonly bigEndian: boolean;
  /** Where the pixels begin. */
  readonly offset: number;
}

const CODINGS: Readonly<Record<string, {coding: PnmHeader['coding']; channels: number}>> = {
  P1: {coding: 'ascii-bits', channels: 1},
  P2: {coding: 'ascii', channels: 1},
  P3: {coding: 'ascii', channels: 3},
  P4: {coding: 'bits', channels: 1},
  P5: {coding: 'bytes', channels: 1},
  P6: {coding: 'bytes', channels: 3},
  Pf: {coding: 'floats', channels: 1},
  PF: {coding: 'floats', channels: 3},
};

const LONGEST_HEADER = 65_536;
const NEWLINE = 0x0a;
const HASH = 0x23;

/** Whether a byte is white space: blank, tab, line feed, vertical tab, form feed, carriage return. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/**
 * The next word from `at` on, white space and comments (# to the end of the line) before it left out; `end` is the
 * byte after it. An empty word stands for the end of the file.
 */
export function nextWord(bytes: Buffer, at: number): {word: string; end: number} {
  let from = at;
  while (from < bytes.length && (isBlank(bytes[from]) || bytes[from] === HASH)) {
    const line = bytes[from] === HASH ? bytes.indexOf(NEWLINE, from) : from;
    from = line < 0 ? bytes.length : line + 1;
  }
  let end = from;
  while (end < bytes.length && end - from < LONGEST_HEADER && !isBlank(bytes[end]) && bytes[end] !== HASH) end++;
  return {word: bytes.toString('latin1', from, end), end};
}

/**
 * Reads the header of a PBM, PGM, PPM (P1 to P6), PAM (P7) or PFM (Pf, PF) and holds it against the pixel cap and the
 * file's length. Throws SampleError `decode-failed`, `too-many-pixels`, `unsupported-format`.
 * Reference: Netpbm, pbm(5), pgm(5), ppm(5), pam(5), pfm(5).
 */
export function readPnmHeader(bytes: Buffer, path: string, maxPixels: number): PnmHeader {
  const header = bytes.toString('latin1', 0, 2) === 'P7' ? readPam(bytes, path) : readPnm(bytes, path);
  const {width, height, channels, coding, maximum, offset} = header;
  if (![width, height, channels].every(Number.isInteger)) throw damaged(path, 'the PNM header is damaged');
  checkValues(width, height, channels, maxPixels, path);
  if (coding !== 'floats' && !(Number.isInteger(maximum) && maximum >= 1 && maximum <= 65_535)) {
    throw damaged(path, `the PNM header is damaged: a maximum of ${maximum}`);
  }
  const pixels = bytes.length - offset;
  const length = pixelBytes(header);
  if (pixels < length) throw damaged(path, `the PNM is cut short: ${pixels} bytes of pixels, ${length} were expected`);
  return header;
}

/** Bytes that the pixels take; for text, the fewest. */
export function pixelBytes({width, height, channels, coding, maximum}: PnmHeader): number {
  const values = width * height * channels;
  if (coding === 'ascii-bits') return values;
  if (coding === 'ascii') return 2 * values - 1;
  if (coding === 'bits') return Math.ceil(width / 8) * height;
  if (coding === 'floats') return 4 * values;
  return maximum > 255 ? 2 * values : values;
}

function readPnm(bytes: Buffer, path: string): PnmHeader {
  const kind = CODINGS[bytes.toString('latin1', 0, 2)];
  if (!kind) throw damaged(path, 'the PNM header is damaged');
  const width = nextWord(bytes, 2);
  const height = nextWord(bytes, width.end);
  const bits = kind.coding === 'bits' || kind.coding === 'ascii-bits';
  const last = bits ? {word: '1', end: height.end} : nextWord(bytes, height.end);
  const scale = kind.coding === 'floats' ? Number(last.word) : whole(last.word);
  // A single blank parts the header from raw pixels, which may themselves begin with one.
  const unusable = Number.isNaN(scale) || (scale === 0 && kind.coding === 'floats');
  if (unusable || !isBlank(bytes[last.end])) throw damaged(path, 'the PNM header is damaged');
  return {
    width: whole(width.word),
    height: whole(height.word),
    ...kind,
    alpha: false,
    maximum: scale,
    bigEndian: scale > 0,
    offset: last.end + 1,
  };
}

const TUPLES: Readonly<Record<string, number>> = {BLACKANDWHITE: 1, GRAYSCALE: 1, RGB: 3};

function readPam(bytes: Buffer, path: string): PnmHeader {
  const fields = new Map<string, string>();
  let at = 2;
  for (let word = ''; word !== 'ENDHDR'; ) {
    const name = nextWord(bytes, at);
    word = name.word;
    at = name.end;
    if (word === 'ENDHDR') break;
    if (word === '' || at > LONGEST_HEADER) throw damaged(path, 'the PAM header is damaged or cut short');
    const value = nextWord(bytes, at);
    fields.set(word, value.word);
    at = value.end;
  }
  const channels = whole(fields.get('DEPTH'));
  const tuple = fields.get('TUPLTYPE') ?? '';
  const alpha = tuple.endsWith('_ALPHA');
  const colours = TUPLES[alpha ? tuple.slice(0, -'_ALPHA'.length) : tuple];
  if (colours !== undefined && channels !== colours + Number(alpha)) {
    throw damaged(path, `the PAM header is damaged: ${channels} channels of ${printable(tuple)}`);
  }
  if (alpha && colours === undefined) throw unsupported(path, `a PAM of ${printable(tuple)} cannot be read`);
  if (bytes[at] !== NEWLINE) throw damaged(path, 'the PAM header is damaged');
  return {
    width: whole(fields.get('WIDTH')),
    height: whole(fields.get('HEIGHT')),
    channels,
    alpha,
    coding: 'bytes',
    maximum: whole(fields.get('MAXVAL')),
    bigEndian: true,
    offset: at + 1,
  };
}

/** A word of digits as a number; NaN for any other. */
function whole(word = ''): number {
  return /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
}
