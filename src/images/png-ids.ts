import {promisify} from 'node:util';
import {inflate} from 'node:zlib';
import type {PngLayout} from './png-chunks.js';
import type {Raster} from './raster.js';
import {damaged} from './stored.js';

const inflated = promisify(inflate) as (
  data: Buffer,
  options: {maxOutputLength: number; chunkSize: number},
) => Promise<Buffer>;

/** A grid of pixels within the image: the first pixel and the steps between pixels. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

const WHOLE: readonly Pass[] = [{x: 0, y: 0, stepX: 1, stepY: 1}];
const ADAM7: readonly Pass[] = [
  {x: 0, y: 0, stepX: 8, stepY: 8},
  {x: 4, y: 0, stepX: 8, stepY: 8},
  {x: 0, y: 4, stepX: 4, stepY: 8},
  {x: 2, y: 0, stepX: 4, stepY: 4},
  {x: 0, y: 2, stepX: 2, stepY: 4},
  {x: 1, y: 0, stepX: 2, stepY: 2},
  {x: 0, y: 1, stepX: 1, stepY: 2},
];

/**
 * The numbers a grey or palette PNG stores: palette indices, and greys of 1, 2, 4, 8 or 16 bits unscaled, in one
 * channel. Transparency is left aside, it is no part of an id. `maximum` is that of the bit depth.
 * Throws SampleError `decode-failed`. Reference: W3C PNG, sections 8 to 10.
 */
export async function decodePngIds(layout: PngLayout, path: string): Promise<Raster> {
  const {width, height, depth} = layout;
  const passes = (layout.interlaced ? ADAM7 : WHOLE)
    .map((pass) => ({
      ...pass,
      columns: Math.ceil((width - pass.x) / pass.stepX),
      rows: Math.ceil((height - pass.y) / pass.stepY),
    }))
    .filter(({columns, rows}) => columns > 0 && rows > 0)
    .map((pass) => ({...pass, stride: Math.ceil((pass.columns * depth) / 8)}));
  const length = passes.reduce((sum, {rows, stride}) => sum + rows * (stride + 1), 0);
  // In one piece: a byte more than there should be, and zlib need not ask for another.
  const output = {maxOutputLength: length, chunkSize: Math.max(64, length + 1)};
  const lines = await inflated(Buffer.concat(layout.data()), output).catch((cause: unknown) => {
    throw damaged(path, 'the PNG pixels do not inflate to the size in the header', cause);
  });
  if (lines.length !== length) throw damaged(path, 'the PNG has fewer pixels than its header says');

  const data = depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  let at = 0;
  for (const {x, y, stepX, stepY, columns, rows, stride} of passes) {
    let above: Buffer = Buffer.alloc(stride);
    for (let row = 0; row < rows; row++) {
      const line = lines.subarray(at + 1, at + 1 + stride);
      unfilter(lines[at] as number, line, above, depth === 16 ? 2 : 1, path);
      unpack(line, depth, columns, data, (y + row * stepY) * width + x, stepX);
      above = line;
      at += stride + 1;
    }
  }
  return {data, height, width, channels: 1, maximum: 2 ** depth - 1};
}

/** Undoes a line's filter in place. */
function unfilter(filter: number, line: Buffer, above: Buffer, pixelBytes: number, path: string): void {
  if (filter > 4) throw damaged(path, `the PNG is damaged: filter type ${filter}`);
  if (filter === 0) return;
  for (let i = 0; i < line.length; i++) {
    const left = i < pixelBytes ? 0 : (line[i - pixelBytes] as number);
    const up = above[i] as number;
    const corner = i < pixelBytes ? 0 : (above[i - pixelBytes] as number);
    line[i] = (line[i] as number) + predicted(filter, left, up, corner);
  }
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Spreads the packed values of a line over the image, from `at` in steps of `step`. */
function unpack(
  line: Buffer,
  depth: number,
  columns: number,
  out: Uint8Array | Uint16Array,
  at: number,
  step: number,
): void {
  if (depth === 8 && step === 1) {
    out.set(line, at);
    return;
  }
  if (depth === 16) {
    for (let i = 0; i < columns; i++) out[at + i * step] = line.readUInt16BE(2 * i);
    return;
  }
  const mask = 2 ** depth - 1;
  for (let i = 0; i < columns; i++) {
    const bit = i * depth;
    out[at + i * step] = ((line[bit >> 3] as number) >> (8 - depth - (bit & 7))) & mask;
  }
}
