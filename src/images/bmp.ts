import {type BmpLayout, readBmpLayout} from './bmp-header.js';
import type {Raster} from './raster.js';
import {type Reading, readsIds} from './reading.js';
import {damaged, type StoredImage} from './stored.js';

/**
 * Decodes an uncompressed BMP of 1, 4, 8, 24 or 32 bits. A palette of greys gives one channel, another one RGB,
 * and readings of ids the indices themselves. The fourth byte of 32 bits is alpha when the header says so or
 * when it varies over the image; a constant one is padding.
 * Throws SampleError `decode-failed`, `unsupported-format`, `too-many-pixels`.
 */
export function decodeBmp(file: Buffer, path: string, reading: Reading, maxPixels: number): StoredImage {
  const layout = readBmpLayout(file, path, maxPixels);
  if (layout.bits <= 8) {
    const indices = unpackIndices(file, layout);
    const raster = readsIds(reading) ? indices : colourIndices(indices, layout.palette, path);
    return {raster, alpha: false};
  }
  return layout.bits === 24 ? {raster: unpackBytes(file, layout, [2, 1, 0]), alpha: false} : decode32(file, layout);
}

function decode32(file: Buffer, layout: BmpLayout): StoredImage {
  const [red, green, blue, alpha] = layout.bytes;
  const spare = [0, 1, 2, 3].find((byte) => byte !== red && byte !== green && byte !== blue) as number;
  const image = unpackBytes(file, layout, [red, green, blue, alpha ?? spare]);
  if (alpha !== null || varies(image.data, 3, 4)) return {raster: image, alpha: true};
  return {raster: unpackBytes(file, layout, [red, green, blue]), alpha: false};
}

function varies(data: ArrayLike<number>, from: number, step: number): boolean {
  for (let i = from; i < data.length; i += step) if (data[i] !== data[from]) return true;
  return false;
}

function rowStart({topDown, height, offset, stride}: BmpLayout, y: number): number {
  return offset + stride * (topDown ? y : height - 1 - y);
}

function unpackBytes(file: Buffer, layout: BmpLayout, order: readonly number[]): Raster {
  const {width, height, bits} = layout;
  const data = new Uint8Array(width * height * order.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = rowStart(layout, y);
    for (let x = 0; x < width; x++, from += bits / 8) {
      for (const byte of order) data[to++] = file[from + byte] as number;
    }
  }
  return {data, height, width, channels: order.length, maximum: 255};
}

function unpackIndices(file: Buffer, layout: BmpLayout): Raster {
  const {width, height, bits} = layout;
  const mask = 2 ** bits - 1;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = rowStart(layout, y);
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      data[y * width + x] = ((file[from + (bit >> 3)] as number) >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return {data, height, width, channels: 1, maximum: mask};
}

function colourIndices(indices: Raster, palette: BmpLayout['palette'], path: string): Raster {
  const grey = palette.every(([blue, green, red]) => blue === green && green === red);
  const channels = grey ? 1 : 3;
  const data = new Uint8Array(indices.data.length * channels);
  for (let i = 0; i < indices.data.length; i++) {
    const index = indices.data[i] as number;
    const colour = palette[index];
    if (!colour) throw damaged(path, `the BMP is damaged: colour ${index} of a palette of ${palette.length}`);
    if (grey) data[i] = colour[0];
    else data.set([colour[2], colour[1], colour[0]], i * 3);
  }
  return {...indices, data, channels, maximum: 255};
}
