import {crc32} from 'node:zlib';
import type {Entry, ZipFile} from 'yauzl';
import {SampleError} from '../errors.js';
import {printable} from '../printable.js';
import {unsupported} from './format.js';
import {decodeNpy} from './npy.js';
import {npyHeaderLength, readNpyHeader} from './npy-header.js';
import type {Raster} from './raster.js';
import type {Reading} from './reading.js';
import {damaged} from './stored.js';

const NAMES_SHOWN = 5;

/**
 * Decodes an NPZ file (a ZIP archive of NPY arrays, stored or deflated) that holds one array.
 * Throws SampleError `arrays` when it holds several, and as `decodeNpy` does. The array's header is held against
 * the caps and the archive's own sizes before the rest of it is inflated.
 */
export async function decodeNpz(bytes: Buffer, path: string, reading: Reading, maxPixels: number): Promise<Raster> {
  const check = (start: Buffer, length: number) => readNpyHeader(start, length, maxPixels, path);
  return decodeNpy(await unpackNpz(bytes, path, check), path, reading, maxPixels);
}

/**
 * The one array of an NPZ file, as the bytes of an NPY file. `check` gets the beginning of the array, its header
 * included, and its whole length, before the rest of it is inflated. Throws SampleError `arrays` when there are several,
 * `decode-failed` for a damaged archive, and what `check` throws.
 */
export async function unpackNpz(
  bytes: Buffer,
  path: string,
  check: (start: Buffer, length: number) => void,
): Promise<Buffer> {
  const {fromBufferPromise} = await import('yauzl');
  try {
    const archive = await fromBufferPromise(bytes);
    return await inflateArray(archive, await onlyArray(archive, path), check, path);
  } catch (cause) {
    if (cause instanceof SampleError) throw cause;
    throw damaged(path, 'the NPZ archive is damaged or cut short', cause);
  }
}

async function onlyArray(archive: ZipFile, path: string): Promise<Entry> {
  const arrays: Entry[] = [];
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName.endsWith('.npy')) arrays.push(entry);
  }
  const [entry] = arrays;
  if (!entry) throw unsupported(path, 'a ZIP archive without an array (.npy) cannot be read');
  if (arrays.length > 1) {
    const names = arrays.map(({fileName}) => fileName.slice(0, -'.npy'.length));
    const more = names.length > NAMES_SHOWN ? ', …' : '';
    throw new SampleError(
      'arrays',
      `${path}: expected an NPZ of one array, it has ${names.length}: ${printable(names.slice(0, NAMES_SHOWN).join(', '))}${more}`,
    );
  }
  return entry;
}

async function inflateArray(
  archive: ZipFile,
  entry: Entry,
  check: (start: Buffer, length: number) => void,
  path: string,
): Promise<Buffer> {
  const stream = await archive.openReadStreamPromise(entry);
  let start = Buffer.alloc(0);
  let out: Buffer | undefined;
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (out) {
      filled += chunk.copy(out, filled);
      continue;
    }
    start = Buffer.concat([start, chunk]);
    const length = npyHeaderLength(start, path);
    if (length === null || start.length < length) continue;
    check(start, entry.uncompressedSize);
    out = Buffer.alloc(entry.uncompressedSize);
    filled = start.copy(out);
  }
  if (!out || filled !== out.length) throw damaged(path, 'the array in the NPZ archive is cut short');
  if (crc32(out) !== entry.crc32) throw damaged(path, 'the NPZ archive is damaged: a wrong checksum');
  return out;
}
