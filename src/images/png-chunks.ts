import {crc32} from 'node:zlib';
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
  /** The compressed pixels, their checksums checked. Throws SampleError `decode-failed` where one is wrong. */
  data(): readonly Buffer[];
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

/**
 * Walks the chunks of a PNG from its signature to IEND and checks their lengths and checksums (W3C PNG, sections 5 and 11),
 * those of the pixels when these are asked for: another decoder checks them by itself.
 * Throws SampleError `decode-failed` for a broken file, `unsupported-format` for an animated one.
 */
export function readPngLayout(bytes: Buffer, path: string): PngLayout {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw damaged(path, 'the PNG signature is damaged or cut short');
  let header: PngHeader | undefined;
  let palette: readonly number[] = [];
  let transparent = false;
  let profiled = false;
  const data: Chunk[] = [];
  const types: string[] = [];
  for (const chunk of chunks(bytes, path)) {
    const {type, content} = chunk;
    types.push(type);
    if (type === 'IDAT') data.push(chunk);
    else checkSum(bytes, chunk, path);
    header ??= readHeader(type, content, path);
    if (type === 'PLTE') palette = readPalette(content);
    if (type === 'tRNS') transparent = true;
    if (type === 'iCCP') profiled = true;
    if (type === 'acTL') throw unsupported(path, 'an animated PNG cannot be read');
  }
  if (!header || data.length === 0) throw damaged(path, 'the PNG has no pixels');
  const checked = () => {
    for (const chunk of data) checkSum(bytes, chunk, path);
    return data.map(({content}) => content);
  };
  return {...header, data: checked, palette, transparent, profiled, plain: isPlain(types)};
}

function isPlain(types: readonly string[]): boolean {
  const pixels = types.filter((type) => type === 'IDAT').length;
  const together = types.lastIndexOf('IDAT') - types.indexOf('IDAT') === pixels - 1;
  // A small first letter: a chunk that a decoder may leave aside.
  const aside = (type: string) => /^[a-z]/.test(type) && !MEANING.has(type);
  return together && types.slice(1).every((type) => type === 'IDAT' || type === 'IEND' || aside(type));
}

function readPalette(content: Buffer): number[] {
  return Array.from({length: Math.floor(content.length / 3)}, (_, index) => content.readUIntBE(3 * index, 3));
}

interface Chunk {
  readonly type: string;
  readonly content: Buffer;
  /** Of its length. */
  readonly at: number;
}

/** The chunks up to IEND; what follows it is not part of the image. */
function* chunks(bytes: Buffer, path: string): Generator<Chunk> {
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const body = at + 8;
    const end = body + (body <= bytes.length ? bytes.readUInt32BE(at) : 0);
    if (end + 4 > bytes.length) throw damaged(path, 'the PNG is cut short');
    type = bytes.toString('latin1', at + 4, body);
    yield {type, content: bytes.subarray(body, end), at};
    at = end + 4;
  }
}

function checkSum(bytes: Buffer, {content, at}: Chunk, path: string): void {
  const end = at + 8 + content.length;
  if (crc32(bytes.subarray(at + 4, end)) === bytes.readUInt32BE(end)) return;
  throw damaged(path, `the PNG is damaged: a wrong checksum at byte ${at}`);
}

function readHeader(type: string, content: Buffer, path: string): PngHeader {
  if (type !== 'IHDR' || content.length !== 13) throw damaged(path, 'the PNG does not begin with its header');
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
