import sharp from 'sharp';

/** An image of 8 bits, 1 or 3 channels, row-major, as a PNG file. */
export function encodePng(data: Uint8Array, height: number, width: number, channels: 1 | 3): Promise<Buffer> {
  const image = sharp(data, {raw: {height, width, channels}});
  return image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
}
