import {inflateSync} from 'node:zlib';
import {damaged, type Hdf5Bytes, unread} from './file-bytes.js';

/** Values in chunks of one size, each of which went through the same filters. */
export interface ChunkedValues {
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  readonly filters: readonly number[];
  readonly valueBytes: number;
}

const DEFLATE = 1;
const SHUFFLE = 2;
const NODE_HEADER = 24;
/** What a byte of deflate may become at most (zlib's technical details). */
const MOST_INFLATION = 1032;

/** A chunk in the file. */
interface StoredChunk {
  readonly at: number;
  readonly bytes: number;
  /** Filters that were left out, a bit each. */
  readonly without: number;
  /** Its first value in the tensor. */
  readonly origin: readonly number[];
}

/**
 * The values of a tensor in chunks, row-major, as the file's bytes. Throws RangeError where a chunk is missing, larger than it
 * says or shared with another, before anything is inflated. Reference: III.A.1 and IV.A.2.l of the specification.
 */
export function chunkedBytes(file: Hdf5Bytes, tree: number | null, values: ChunkedValues): Buffer {
  const {shape, chunk, valueBytes} = values;
  if (chunk.length !== shape.length || chunk.some((side, i) => side < 1 || side > (shape[i] as number))) {
    throw unread(`a tensor [${shape}] in chunks [${chunk}]`);
  }
  const expected = product(shape.map((side, i) => Math.ceil(side / (chunk[i] as number))));
  const chunks = tree === null ? [] : [...treeChunks(file, tree, shape.length)];
  checkPlaces(file, chunks, expected, values);
  const out = Buffer.alloc(product(shape) * valueBytes);
  for (const stored of chunks) copyChunk(unfiltered(file, stored, values), out, stored.origin, values);
  return out;
}

function checkPlaces(file: Hdf5Bytes, chunks: readonly StoredChunk[], expected: number, values: ChunkedValues): void {
  const {shape, chunk, valueBytes} = values;
  const places = new Set(chunks.map(({origin}) => origin.join()));
  if (places.size !== expected || chunks.length !== expected) {
    throw damaged(`${places.size} chunks, the tensor has ${expected}`);
  }
  if (chunks.some(({origin}) => origin.some((place, i) => place % (chunk[i] as number) !== 0))) {
    throw damaged('a chunk between two places');
  }
  const bytes = chunks.reduce((sum, stored) => sum + stored.bytes, 0);
  if (bytes > file.bytes.length) throw damaged(`chunks of ${bytes} bytes, the file has ${file.bytes.length}`);
  if (product(shape) * valueBytes > bytes * MOST_INFLATION) throw damaged(`a tensor [${shape}] in ${bytes} bytes`);
}

function* treeChunks(file: Hdf5Bytes, node: number, rank: number, parentLevel = Infinity): Generator<StoredChunk> {
  file.signed(node, 'TREE');
  const level = file.unsigned(node + 5, 1);
  if (level >= parentLevel) throw damaged(`a tree that leads back into itself at ${node}`);
  const entries = file.unsigned(node + 6, 2);
  const keyBytes = 8 + 8 * (rank + 1);
  for (let i = 0; i < entries; i++) {
    file.structure();
    const at = node + NODE_HEADER + (keyBytes + 8) * i;
    const child = file.unsigned(at + keyBytes, 8);
    if (level > 0) {
      yield* treeChunks(file, child, rank, level);
      continue;
    }
    const origin = Array.from({length: rank}, (_, d) => file.unsigned(at + 8 + 8 * d, 8));
    yield {at: child, bytes: file.unsigned(at, 4), without: file.unsigned(at + 4, 4), origin};
  }
}

function unfiltered(file: Hdf5Bytes, {at, bytes, without}: StoredChunk, values: ChunkedValues): Buffer {
  const {chunk, filters, valueBytes} = values;
  const expected = product(chunk) * valueBytes;
  let content = file.slice(at, bytes);
  for (const [i, filter] of [...filters.entries()].reverse()) {
    if (without & (1 << i)) continue;
    if (filter === DEFLATE) content = inflated(content, expected);
    else if (filter === SHUFFLE) content = unshuffled(content, valueBytes);
    else throw unread(`chunks that went through filter ${filter}`);
  }
  if (content.length !== expected) throw damaged(`a chunk of ${content.length} bytes, ${expected} were expected`);
  return content;
}

function inflated(content: Buffer, expected: number): Buffer {
  try {
    return inflateSync(content, {maxOutputLength: Math.max(1, expected)});
  } catch (cause) {
    throw Object.assign(damaged(`a chunk that does not inflate to ${expected} bytes`), {cause});
  }
}

/** The first bytes of all values lie together, then the second ones, and so on. */
function unshuffled(content: Buffer, valueBytes: number): Buffer {
  const count = Math.floor(content.length / valueBytes);
  const out = Buffer.from(content);
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < valueBytes; b++) out[i * valueBytes + b] = content[b * count + i] as number;
  }
  return out;
}

/** Copies the part of a chunk that lies within the tensor, a row of the last dimension at a time. */
function copyChunk(content: Buffer, out: Buffer, origin: readonly number[], values: ChunkedValues): void {
  const {shape, chunk, valueBytes} = values;
  const last = shape.length - 1;
  const within = chunk.map((side, d) => Math.min(side, (shape[d] as number) - (origin[d] as number)));
  if (within.some((side) => side < 1)) throw damaged('a chunk outside its tensor');
  const rowBytes = (within[last] ?? 1) * valueBytes;
  const rows = product(within.slice(0, -1));
  for (let row = 0; row < rows; row++) {
    let [from, to, rest, fromStride, toStride] = [0, origin[last] ?? 0, row, chunk[last] ?? 1, shape[last] ?? 1];
    for (let d = last - 1; d >= 0; d--) {
      const place = rest % (within[d] as number);
      rest = Math.floor(rest / (within[d] as number));
      from += place * fromStride;
      to += ((origin[d] as number) + place) * toStride;
      fromStride *= chunk[d] as number;
      toStride *= shape[d] as number;
    }
    content.copy(out, to * valueBytes, from * valueBytes, from * valueBytes + rowBytes);
  }
}

function product(sides: readonly number[]): number {
  return sides.reduce((all, side) => all * side, 1);
}
