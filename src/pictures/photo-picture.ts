import type {Raster} from '../images/raster.js';
import {type Picture, paint} from './picture.js';

/** The values that black and white stand for. */
export interface Levels {
  readonly black: number;
  readonly white: number;
}

/**
 * The levels of images that are shown side by side: of integers 0 and the type's maximum; of floats 0 and 1, or 0 and 255
 * where they go beyond 1 and not below 0, else their extremes.
 */
export function levelsOf(rasters: readonly Raster[]): Levels {
  const [first] = rasters;
  if (first && first.maximum !== null) return {black: 0, white: first.maximum};
  let [least, most] = [0, 0];
  for (const {data} of rasters) {
    for (const value of data) {
      if (value < least) least = value;
      if (value > most && value < Infinity) most = value;
    }
  }
  if (least < 0) return {black: least, white: Math.max(most, least + 1)};
  if (most <= 1) return {black: 0, white: 1};
  return {black: 0, white: Math.max(most, 255)};
}

/** An image as it is looked at: one channel is grey, of more the first three are red, green and blue. */
export function photoPicture(raster: Raster, levels: Levels): Picture {
  const {data, channels} = raster;
  const factor = 255 / (levels.white - levels.black);
  return paint(raster, (pixel, out, at) => {
    for (let c = 0; c < 3; c++) {
      const value = data[pixel * channels + channelOf(channels, c)] as number;
      out[at + c] = level((value - levels.black) * factor);
    }
  });
}

/**
 * How far two images are apart, channel by channel: √|pred − target| of the levels' width, so that black is equal, white
 * is opposite, and one level of 255 can still be seen (as 16).
 */
export function differencePicture(pred: Raster, target: Raster, levels: Levels): Picture {
  const width = levels.white - levels.black;
  return paint(pred, (pixel, out, at) => {
    for (let c = 0; c < 3; c++) {
      const i = pixel * pred.channels + channelOf(pred.channels, c);
      const difference = Math.abs((pred.data[i] as number) - (target.data[i] as number)) / width;
      out[at + c] = level(255 * Math.sqrt(difference));
    }
  });
}

function channelOf(channels: number, c: number): number {
  return channels < 3 ? 0 : c;
}

/** 0 for what is no number. */
function level(value: number): number {
  return value > 0 ? Math.min(255, Math.round(value)) : 0;
}
