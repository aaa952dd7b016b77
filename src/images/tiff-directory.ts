import {damaged} from './stored.js';

/** The numbers of the tags that are read (TIFF 6.0, section 8, and the extensions of libtiff and GeoTIFF's writers). */
export const TAGS = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planar: 284,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  profile: 34_675,
} as const;

/** One image of a TIFF: its tags. */
export interface TiffDirectory {
  /** The values of a tag, the first `most` of them; empty when it is absent or does not hold whole numbers. */
  numbers(tag: number, most?: number): number[];
  /** The bytes of a tag as they lie in the file. */
  content(tag: number): Buffer | undefined;
}

/** A TIFF's images in file order, those that are smaller copies of another left out. */
export interface TiffFile {
  readonly bigEndian: boolean;
  readonly pages: readonly TiffDirectory[];
}

/** Bytes of a value, by type: byte, ascii, short, long, rational, …; 16 to 18 are BigTIFF's. */
const SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
const WHOLE_NUMBERS = [1, 3, 4, 13, 16, 18];
const REDUCED_RESOLUTION = 1;

/** Reads unsigned integers of a file in its byte order. Throws SampleError `decode-failed` past its end. */
class Reader {
  constructor(
    readonly bytes: Buffer,
    readonly bigEndian: boolean,
    private readonly path: string,
  ) {}

  uint(at: number, size: number): number {
    if (!(at >= 0 && at + size <= this.bytes.length)) throw damaged(this.path, 'the TIFF is cut short');
    if (size === 8) return Number(this.bigEndian ? this.bytes.readBigUInt64BE(at) : this.bytes.readBigUInt64LE(at));
    return this.bigEndian ? this.bytes.readUIntBE(at, size) : this.bytes.readUIntLE(at, size);
  }
}

/**
 * Reads the directories of a TIFF or BigTIFF of either byte order. Throws SampleError `decode-failed`.
 * Reference: Adobe, TIFF 6.0, section 2; libtiff, BigTIFF.
 */
export function readTiffFile(bytes: Buffer, path: string): TiffFile {
  const reader = new Reader(bytes, bytes[0] === 0x4d, path);
  const big = reader.uint(2, 2) === 43;
  const word = big ? 8 : 4;
  const pages: TiffDirectory[] = [];
  let taken = 0;
  for (let at = reader.uint(big ? 8 : 4, word); at !== 0; ) {
    const entries = reader.uint(at, big ? 8 : 2);
    const first = at + (big ? 8 : 2);
    const next = first + entries * (4 + 2 * word);
    // Directories that share bytes could be as many as bytes, each as long as the file, or without end.
    taken += next - at;
    if (taken > bytes.length) throw damaged(path, 'the TIFF is damaged: its directories overlap or form a loop');
    const directory = readDirectory(reader, first, entries, word, path);
    if (((directory.numbers(TAGS.subfileType, 1)[0] ?? 0) & REDUCED_RESOLUTION) === 0) pages.push(directory);
    at = reader.uint(next, word);
  }
  if (pages.length === 0) throw damaged(path, 'the TIFF has no image of full resolution');
  return {bigEndian: reader.bigEndian, pages};
}

function readDirectory(reader: Reader, first: number, entries: number, word: number, path: string): TiffDirectory {
  const length = 4 + 2 * word;
  if (first + entries * length > reader.bytes.length) throw damaged(path, 'the TIFF is cut short in its directory');
  const values = new Map<number, {type: number; count: number; at: number}>();
  for (let i = 0; i < entries; i++) {
    const at = first + i * length;
    const type = reader.uint(at + 2, 2);
    const count = reader.uint(at + 4, word);
    const size = (SIZES[type] ?? 1) * count;
    const inline = at + 4 + word;
    values.set(reader.uint(at, 2), {type, count, at: size <= word ? inline : reader.uint(inline, word)});
  }
  const content = (tag: number) => {
    const value = values.get(tag);
    if (!value) return undefined;
    const end = value.at + (SIZES[value.type] ?? 1) * value.count;
    if (end > reader.bytes.length) throw damaged(path, `the TIFF is cut short: tag ${tag} lies beyond its end`);
    return reader.bytes.subarray(value.at, end);
  };
  const numbers = (tag: number, most = Number.POSITIVE_INFINITY) => {
    const value = values.get(tag);
    if (!value || !WHOLE_NUMBERS.includes(value.type) || !content(tag)) return [];
    const size = SIZES[value.type] as number;
    return Array.from({length: Math.min(value.count, most)}, (_, i) => reader.uint(value.at + i * size, size));
  };
  return {numbers, content};
}
