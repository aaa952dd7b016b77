import {crc32} from 'node:zlib';
import type {StoredElements} from '../kernels/elements.js';
import {unsupported} from './format.js';
import {damaged} from './stored.js';

/** What a PNG says before its pixels are inflated. */
export interface PngLayout {
  readonly width: number;
  readonly height: number;
  /** Bits per channel: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  readonly colourType: number;
  readonly interlaced: boolean;
  /**
   * The compressed pixels, their checksums checked; a piece of a file holds until the next. Throws SampleError
   * `decode-failed` where a checksum is wrong.
   */
  data(): Iterable<Uint8Array>;
  /** 0xrrggbb of every palette index; empty without a palette. */
  readonly palette: readonly number[];
  /** Whether a colour, or entries of the palette, are transparent (alpha channels apart). */
  readonly transparent: boolean;
  /** Whether a colour profile is embedded. */
  readonly profiled: boolean;
  /** Whether its chunks are in order and none but the pixels' says what they mean. */
  readonly plain: boolean;
}

type PngHeader = Omit<PngLayout, 'data' | 'palette' | 'transparent' | 'profiled' | 'plain'>;

/** Chunks that may be there or not, and change what pixels mean: transparency, a profile, the orientation. */
const MEANING: ReadonlySet<string> = new Set(['tRNS', 'iCCP', 'eXIf']);

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** The bytes of a file, in memory or not. */
type Bytes = Uint8Array | StoredElements;

/**
 * Walks the chunks of a PNG from its signature to IEND and checks their lengths and checksums (W3C PNG, sections 5 and 11),
 * those of the pixels when these are asked for: another decoder checks them by itself.
 * Throws SampleError `decode-failed` for a broken file, `unsupported-format` for an animated one.
 */
export function readPngLayout(bytes: Bytes, path: string): PngLayout {
  if (!bufferOf(bytes, 0, Math.min(8, bytes.length)).equals(SIGNATURE))
    throw damaged(path, 'the PNG signature is damaged or cut short');
  let header: PngHeader | undefined;
  let palette: readonly number[] = [];
  let transparent = false;
  let profiled = false;
  const data: Chunk[] = [];
  const types: string[] = [];
  for (const chunk of chunks(bytes, path)) {
    const {type} = chunk;
    types.push(type);
    if (type === 'IDAT') data.push(chunk);
    else checkSum(bytes, chunk, path);
    header ??= readHeader(bytes, chunk, path);
    if (type === 'PLTE') palette = readPalette(bufferOf(bytes, chunk.body, chunk.end));
    if (type === 'tRNS') transparent = true;
    if (type === 'iCCP') profiled = true;
    if (type === 'acTL') throw unsupported(path, 'an animated PNG cannot be read');
  }
  if (!header || data.length === 0) throw damaged(path, 'the PNG has no pixels');
  const checked = () => {
    for (const chunk of data) checkSum(bytes, chunk, path);
    return piecesOf(bytes, data);
  };
  return {...header, data: checked, palette, transparent, profiled, plain: isPlain(types)};
}

function isPlain(types: readonly string[]): boolean {
  const pixels = types.filter((type) => type === 'IDAT').length;
  const together = types.lastIndexOf('IDAT') - types.indexOf('IDAT') === pixels - 1;
  // A small first letter: a chunk that a decoder may leave aside.
  const aside = (type: string) => /^[a-z][A-Za-z]{3}$/.test(type) && !MEANING.has(type);
  return together && types.slice(1).every((type) => type === 'IDAT' || type === 'IEND' || aside(type));
}

function readPalette(content: Buffer): number[] {
  return Array.from({length: Math.floor(content.length / 3)}, (_, index) => content.readUIntBE(3 * index, 3));
}

/** Where a chunk lies: its length is at `at`, its content from `body` to `end`. */
interface Chunk {
  readonly type: string;
  readonly at: number;
  readonly body: number;
  readonly end: number;
}

/** The chunks up to IEND; what follows it is not part of the image. */
function* chunks(bytes: Bytes, path: string): Generator<Chunk> {
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const body = at + 8;
    if (body > bytes.length) throw damaged(path, 'the PNG is cut short');
    const head = bufferOf(bytes, at, body);
    const end = body + head.readUInt32BE(0);
    if (end + 4 > bytes.length) throw damaged(path, 'the PNG is cut short');
    type = head.toString('latin1', 4);
    yield {type, at, body, end};
    at = end + 4;
  }
}

function checkSum(bytes: Bytes, {at, end}: Chunk, path: string): void {
  let sum = 0;
  for (const piece of piecesOf(bytes, [{body: at + 4, end}])) sum = crc32(piece, sum);
  if (sum === bufferOf(bytes, end, end + 4).readUInt32BE(0)) return;
  throw damaged(path, `the PNG is damaged: a wrong checksum at byte ${at}`);
}

/** Bytes that are looked at together. */
const PIECE_BYTES = 2 ** 20;

function* piecesOf(bytes: Bytes, parts: readonly Pick<Chunk, 'body' | 'end'>[]): Generator<Uint8Array> {
  for (const {body, end} of parts) {
    for (let at = body; at < end; at += PIECE_BYTES) yield bufferOf(bytes, at, Math.min(end, at + PIECE_BYTES));
  }
}

function bufferOf(bytes: Bytes, start: number, end: number): Buffer {
  const {buffer, byteOffset, byteLength} = bytes.subarray(start, end);
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

function readHeader(bytes: Bytes, {type, body, end}: Chunk, path: string): PngHeader {
  if (type !== 'IHDR' || end - body !== 13) throw damaged(path, 'the PNG does not begin with its header');
  const content = bufferOf(bytes, body, end);
  const [depth = 0, colourType = 0, compression, filter, interlace = 0] = content.subarray(8);
  if (!DEPTHS[colourType]?.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) {
    throw damaged(path, `the PNG header is damaged: colour type ${colourType} of ${depth} bits`);
  }
  return {
    width: content.readUInt32BE(0),
    height: content.readUInt32BE(4),
    depth,
    colourType,
    interlaced: interlace === 1,
  };
}
