import {promisify} from 'node:util';
import {isMainThread} from 'node:worker_threads';
import {inflate, inflateSync} from 'node:zlib';
import type {PngLayout} from './png-chunks.js';
import {tooFew, undoFilters, uninflated} from './png-lines.js';

interface Output {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
}

/** A thread inflates by itself, which is its work; the main thread leaves it to others and goes on. */
const inflated: (data: Uint8Array, output: Output) => Promise<Buffer> = isMainThread
  ? (promisify(inflate) as (data: Uint8Array, output: Output) => Promise<Buffer>)
  : async (data, output) => inflateSync(data, output);

/** A grid of pixels within the image: the first pixel and the steps between pixels. */
interface Grid {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

const WHOLE: readonly Grid[] = [{x: 0, y: 0, stepX: 1, stepY: 1}];
const ADAM7: readonly Grid[] = [
  {x: 0, y: 0, stepX: 8, stepY: 8},
  {x: 4, y: 0, stepX: 8, stepY: 8},
  {x: 0, y: 4, stepX: 4, stepY: 8},
  {x: 2, y: 0, stepX: 4, stepY: 4},
  {x: 0, y: 2, stepX: 2, stepY: 4},
  {x: 1, y: 0, stepX: 2, stepY: 2},
  {x: 0, y: 1, stepX: 1, stepY: 2},
];

/** The pixels of a grid as a PNG stores them: so many rows of so many columns, each row of `stride` bytes. */
export interface PngPass extends Grid {
  readonly columns: number;
  readonly rows: number;
  readonly stride: number;
  readonly bytes: Buffer;
}

/**
 * The pixels of a PNG of so many channels, inflated and their filters undone: one pass, or those of an interlaced image.
 * Throws SampleError `decode-failed`. Reference: W3C PNG, sections 8 to 10.
 */
export async function readPngPasses(layout: PngLayout, channels: number, path: string): Promise<PngPass[]> {
  const {width, height, depth} = layout;
  const pixelBits = channels * depth;
  const passes = (layout.interlaced ? ADAM7 : WHOLE)
    .map((grid) => ({
      ...grid,
      columns: Math.ceil((width - grid.x) / grid.stepX),
      rows: Math.ceil((height - grid.y) / grid.stepY),
    }))
    .filter(({columns, rows}) => columns > 0 && rows > 0)
    .map((pass) => ({...pass, stride: Math.ceil((pass.columns * pixelBits) / 8)}));
  const lines = await inflatedTo(
    layout,
    passes.reduce((sum, {rows, stride}) => sum + rows * (stride + 1), 0),
    path,
  );
  let at = 0;
  return passes.map((pass) => {
    const {rows, stride} = pass;
    const bytes = lines.subarray(at, at + rows * (stride + 1));
    at += bytes.length;
    undoFilters(bytes, {rows, length: stride, pixelBytes: Math.max(1, pixelBits / 8)}, path);
    return {...pass, bytes: bytes.subarray(0, rows * stride)};
  });
}

/** The inflated bytes, which must be as many as the header says. */
async function inflatedTo(layout: PngLayout, length: number, path: string): Promise<Buffer> {
  const [first = new Uint8Array(), ...more] = layout.data();
  const data = more.length > 0 ? Buffer.concat([first, ...more]) : first;
  // In one piece: a byte more than there should be, and zlib need not ask for another.
  const output = {maxOutputLength: length, chunkSize: Math.max(64, length + 1)};
  const lines = await inflated(data, output).catch((cause: unknown) => {
    throw uninflated(path, cause);
  });
  if (lines.length !== length) throw tooFew(path);
  return lines;
}
