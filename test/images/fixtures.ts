import {readFileSync} from 'node:fs';
import {crc32} from 'node:zlib';
import {decodeImage, type ImageOptions} from '../../src/images/decode.js';
import type {Raster} from '../../src/images/raster.js';
import type {Reading} from '../../src/images/reading.js';

/** The defaults of a config's `image` section. */
const DEFAULTS: ImageOptions = {
  color: 'auto',
  alpha: 'error',
  orient: true,
  icc: 'ignore',
  page: null,
  maxPixels: 64_000_000,
  palette: null,
};

/** A file under fixtures/images. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/images/${name}`, import.meta.url));
}

/** Decodes a fixture. */
export function decode(
  name: string,
  reading: Reading = 'pixels',
  options: Partial<ImageOptions> = {},
): Promise<Raster> {
  return decodeImage(fixture(name), name, reading, {...DEFAULTS, ...options});
}

/** Decodes bytes, as the file `name`. */
export function decodeBytes(
  bytes: Buffer,
  name = 'image.png',
  reading: Reading = 'pixels',
  options: Partial<ImageOptions> = {},
): Promise<Raster> {
  return decodeImage(bytes, name, reading, {...DEFAULTS, ...options});
}

/** The values that fixtures/made-by/images.py writes: (i * step + 11) mod (maximum + 1). */
export function pattern(channels: number, maximum = 255, height = 5, width = 7): number[] {
  const step = maximum <= 255 ? 37 : 19_351;
  return Array.from({length: height * width * channels}, (_, i) => (i * step + 11) % (maximum + 1));
}

/** The bytes that numpy stored after an NPY header of version 1. */
export function npyBytes(name: string): Buffer {
  const file = fixture(name);
  return file.subarray(10 + file.readUInt16LE(8));
}

/** Some channels of interleaved values. */
export function pick(values: readonly number[], channels: number, kept: readonly number[]): number[] {
  return values.filter((_, i) => kept.includes(i % channels));
}

/** What the header of a PNG says. */
interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
}

/** A PNG file of the given header and compressed pixels, with right checksums. */
export function png(header: PngHeader, data: Buffer): Buffer {
  return pngOf(header, [['IDAT', data]]);
}

/** A PNG file of the given header and chunks, with right checksums. */
export function pngOf(header: PngHeader, chunks: readonly (readonly [type: string, content: Buffer])[]): Buffer {
  const start = Buffer.alloc(13);
  start.writeUInt32BE(header.width, 0);
  start.writeUInt32BE(header.height, 4);
  start[8] = header.depth;
  start[9] = header.colourType;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', start),
    ...chunks.map(([type, content]) => chunk(type, content)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(content.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** Prefixes of a file: cut by 1, 2, 3, 4, 6, 8, … bytes. */
export function prefixes(bytes: Buffer): Buffer[] {
  const lengths = new Set<number>();
  for (let cut = 1; cut < bytes.length; cut = Math.ceil(cut * 1.3)) lengths.add(bytes.length - cut);
  return [...lengths].map((length) => bytes.subarray(0, length));
}
