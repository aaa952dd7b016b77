import {SampleError} from '../errors.js';

/** A weighted sum of R, G, B in 0..1, itself in 0..1. */
type ToGrey = (red: number, green: number, blue: number) => number;

/**
 * Grey conversions, on unit values.
 * - `luma`: ITU-R BT.601, .299 R + .587 G + .114 B.
 * - `luma8`: MATLAB's rgb2gray on 0..255, rounded half up to a whole level.
 * - `ycbcr-y`: the Y of MATLAB's rgb2ycbcr, (65.481 R + 128.553 G + 24.966 B)/255 + 16 for R, G, B in 0..255.
 */
const CONVERSIONS: Readonly<Record<'luma' | 'luma8' | 'ycbcr-y', ToGrey>> = {
  luma: (r, g, b) => 0.299 * r + 0.587 * g + 0.114 * b,
  luma8: (r, g, b) =>
    Math.floor(255 * (0.2989360212937753 * r + 0.5870430744511212 * g + 0.1140209042551033 * b) + 0.5) / 255,
  'ycbcr-y': (r, g, b) => (65.481 * r + 128.553 * g + 24.966 * b + 16) / 255,
};

/**
 * One grey channel from unit values of 1 or 3 channels (grey counts as R = G = B), in float64.
 * Throws SampleError `channels` for any other number of channels.
 */
export function toGrey(
  unit: (index: number) => number,
  pixels: number,
  channels: number,
  color: keyof typeof CONVERSIONS,
): Float64Array {
  if (channels !== 1 && channels !== 3) {
    throw new SampleError('channels', `color: ${color} needs an image of 1 or 3 channels, this one has ${channels}`);
  }
  const convert = CONVERSIONS[color];
  const out = new Float64Array(pixels);
  const step = channels === 3 ? 1 : 0;
  for (let p = 0; p < pixels; p++) {
    const i = p * channels;
    out[p] = convert(unit(i), unit(i + step), unit(i + 2 * step));
  }
  return out;
}
