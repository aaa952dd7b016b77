import type {Elements} from './elements.js';
import type {PixelData, View} from './view.js';

/** Bytes of an image that are laid before a kernel at once; images of up to that size are one block. */
export const BLOCK_BYTES = 4 * 2 ** 20;

/** Part of an image. Blocks overlap by a margin, so that what each element of the image begins lies in one of them. */
export interface Block {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
  /** Rows and columns before the next block's: all of them at the image's end. */
  readonly ownRows: number;
  readonly ownColumns: number;
}

/** How an image is cut into blocks. */
export interface BlockShape {
  readonly rows: number;
  readonly columns: number;
  /** Rows and columns that neighbours share. */
  readonly margin: number;
}

/** Whole rows, as many as fit into the bytes, but no fewer than `least`: of longer rows than that a part. */
export function blockShape(
  {height, width, channels}: View<Elements>,
  elementBytes: number,
  {margin, least, bytes}: {margin: number; least: number; bytes: number},
): BlockShape {
  const pixel = channels * elementBytes;
  const columns = Math.min(width, Math.max(2 * margin, Math.floor(bytes / least / pixel)));
  return {rows: Math.min(height, Math.max(2 * margin, Math.floor(bytes / (columns * pixel)))), columns, margin};
}

/** The blocks of an image, from left to right and from top to bottom. */
export function* blocksOf({height, width}: View<Elements>, {rows, columns, margin}: BlockShape): Generator<Block> {
  for (const [top, bottom, ownRows] of stretches(height, rows, margin)) {
    for (const [left, right, ownColumns] of stretches(width, columns, margin)) {
      yield {top, left, rows: bottom - top, columns: right - left, ownRows, ownColumns};
    }
  }
}

function* stretches(length: number, most: number, margin: number): Generator<[number, number, number]> {
  let start = 0;
  for (; start + most < length; start += most - margin) yield [start, start + most, most - margin];
  yield [start, length, length - start];
}

/** Writes a block of an image to `out`, row after row. */
export function copyBlock(
  {data, width, channels}: View<Elements>,
  {top, left, rows, columns}: Block,
  out: PixelData,
): void {
  if (columns === width) {
    out.set(data.subarray(top * width * channels, (top + rows) * width * channels));
    return;
  }
  for (let row = 0; row < rows; row++) {
    const start = ((top + row) * width + left) * channels;
    out.set(data.subarray(start, start + columns * channels), row * columns * channels);
  }
}
