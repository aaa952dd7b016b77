import type {PngLayout} from './png-chunks.js';
import {unpack} from './png-lines.js';
import {readPngPasses} from './png-passes.js';
import type {Raster} from './raster.js';

/**
 * The numbers a grey or palette PNG stores: palette indices, and greys of 1, 2, 4, 8 or 16 bits unscaled, in one
 * channel. Transparency is left aside, it is no part of an id. `maximum` is that of the bit depth.
 * Throws SampleError `decode-failed`.
 */
export async function decodePngIds(layout: PngLayout, path: string): Promise<Raster> {
  const {width, height, depth} = layout;
  const passes = await readPngPasses(layout, 1, path);
  const data = depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (const {x, y, stepX, stepY, columns, rows, stride, bytes} of passes) {
    for (let row = 0; row < rows; row++) {
      const line = bytes.subarray(row * stride, (row + 1) * stride);
      unpack(line, depth, columns, data, (y + row * stepY) * width + x, stepX);
    }
  }
  return {data, height, width, channels: 1, maximum: 2 ** depth - 1};
}
