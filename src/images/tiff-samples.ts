import {damaged} from './stored.js';
import {decompress} from './tiff-compression.js';
import type {TiffLayout} from './tiff-layout.js';
import {undoPredictor} from './tiff-predictor.js';

/** Arrays that hold the bytes of a value whole, by its size. */
const CELLS = {1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array} as const;

/**
 * The values of an image, row-major `[height, width, samples]`, as bytes in the machine's order; values of fewer than
 * 8 bits take a byte each. Throws SampleError `decode-failed`, `unsupported-format`.
 */
export async function readTiffSamples(
  file: Buffer,
  layout: TiffLayout,
  bigEndian: boolean,
  path: string,
): Promise<ArrayBuffer> {
  const {width, height, samples, bits, planar, chunkWidth, chunkHeight, offsets, byteCounts, tiled} = layout;
  const size = Math.max(1, bits / 8) as keyof typeof CELLS;
  const out = new CELLS[size](width * height * samples);
  const inChunk = planar ? 1 : samples;
  const rowValues = chunkWidth * inChunk;
  const rowBytes = Math.ceil((rowValues * bits) / 8);
  const across = Math.ceil(width / chunkWidth);
  const down = Math.ceil(height / chunkHeight);
  for (let index = 0; index < offsets.length; index++) {
    const left = (index % across) * chunkWidth;
    const top = (Math.floor(index / across) % down) * chunkHeight;
    const sample = Math.floor(index / (across * down));
    const rows = tiled ? chunkHeight : Math.min(chunkHeight, height - top);
    const from = offsets[index] as number;
    const to = from + (byteCounts[index] as number);
    if (to > file.length) throw damaged(path, 'the TIFF is cut short: its pixels lie beyond its end');
    const data = file.subarray(from, to);
    const bytes = await decompress(data, layout.compression, rows * rowBytes, chunkHeight * rowBytes, path);
    undoPredictor(bytes, layout, bigEndian, rowValues, inChunk);
    const cells: Cells = bits < 8 ? unpack(bytes, bits, rowValues, rows) : new CELLS[size](bytes.buffer);
    const columns = Math.min(chunkWidth, width - left);
    for (let y = 0; y < Math.min(rows, height - top); y++) {
      const row = cells.subarray(y * rowValues, y * rowValues + columns * inChunk);
      place(out, row, ((top + y) * width + left) * samples + sample, planar ? samples : 1);
    }
  }
  return out.buffer;
}

type Cells = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

function place(out: Cells, row: Cells, at: number, step: number): void {
  // Both are of one type, which the compiler cannot see.
  const to = out as Uint32Array;
  const from = row as Uint32Array;
  if (step === 1) to.set(from, at);
  else for (let i = 0; i < from.length; i++) to[at + i * step] = from[i] as number;
}

/** Values of 1, 2 or 4 bits, most significant first; rows begin on a byte. */
function unpack(bytes: Uint8Array, bits: number, rowValues: number, rows: number): Uint8Array {
  const out = new Uint8Array(rowValues * rows);
  const rowBytes = bytes.length / rows;
  const mask = 2 ** bits - 1;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < rowValues; x++) {
      const bit = x * bits;
      out[y * rowValues + x] = ((bytes[y * rowBytes + (bit >> 3)] as number) >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return out;
}
