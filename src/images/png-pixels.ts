import type {PngLayout} from './png-chunks.js';
import {type PngPass, readPngPasses} from './png-passes.js';
import type {StoredImage} from './stored.js';

/** Channels by colour type: grey, RGB, grey with alpha, RGB with alpha. */
const CHANNELS: Readonly<Record<number, number>> = {0: 1, 2: 3, 4: 2, 6: 4};

/** Whether the bytes of a PNG are its pixels' channels in order, so that nothing needs to be known but its size. */
export function storesPixels({depth, colourType, interlaced, plain}: PngLayout): boolean {
  return plain && !interlaced && depth >= 8 && Object.hasOwn(CHANNELS, colourType);
}

/** The pixels of a PNG for which `storesPixels`, with their alpha. Throws SampleError `decode-failed`. */
export async function decodePngPixels(layout: PngLayout, path: string): Promise<StoredImage> {
  const {height, width, depth, colourType} = layout;
  const channels = CHANNELS[colourType] as number;
  const [pass] = (await readPngPasses(layout, channels, path)) as [PngPass];
  const {buffer, byteOffset, length} = pass.bytes;
  // PNG stores the upper byte first.
  if (depth === 16) pass.bytes.swap16();
  const data =
    depth === 16 ? new Uint16Array(buffer, byteOffset, length / 2) : new Uint8Array(buffer, byteOffset, length);
  return {
    raster: {data, height, width, channels, maximum: 2 ** depth - 1},
    alpha: colourType === 4 || colourType === 6,
  };
}
