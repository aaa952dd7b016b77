import {SampleError} from '../errors.js';
import type {PixelData} from '../kernels/view.js';
import {toGrey} from './colour.js';
import type {Raster} from './raster.js';

/** Grey replicated to three equal channels. */
export function greyToRgb(raster: Raster): Raster {
  const data = new (raster.data.constructor as new (length: number) => PixelData)(raster.data.length * 3);
  for (let i = 0; i < raster.data.length; i++) data.fill(raster.data[i] as number, 3 * i, 3 * i + 3);
  return {...raster, data, channels: 3};
}

/**
 * RGB to grey, .299 R + .587 G + .114 B (ITU-R BT.601), rounded half up to the stored integer; floats stay float.
 * Throws SampleError `channels` for other than 1 or 3 channels.
 */
function rgbToGrey(raster: Raster): Raster {
  if (raster.channels === 1) return raster;
  const {data, height, width, channels, maximum} = raster;
  const grey = toGrey((i) => data[i] as number, height * width, channels, 'luma');
  const out = new (data.constructor as new (length: number) => PixelData)(grey.length);
  for (let i = 0; i < grey.length; i++) {
    const value = grey[i] as number;
    out[i] = maximum === null ? value : Math.floor(value + 0.5);
  }
  return {data: out, height, width, channels: 1, maximum};
}

/** One channel of an image whose three are the same, as many tools save masks; any other image as it is. */
export function collapseEqualChannels(raster: Raster): Raster {
  const {data, channels} = raster;
  if (channels !== 3) return raster;
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return raster;
  }
  return {...raster, data: data.filter((_, i) => i % 3 === 0) as PixelData, channels: 1};
}

/** An image in the colour that `image.color` asks for. Throws SampleError `channels` where it has other than 1 or 3. */
export function convertColour(raster: Raster, color: 'auto' | 'grey' | 'rgb', path: string): Raster {
  if (color === 'auto') return raster;
  if (raster.channels !== 1 && raster.channels !== 3) {
    throw new SampleError(
      'channels',
      `${path}: image.color ${color} needs an image of 1 or 3 channels, this one has ${raster.channels}`,
    );
  }
  if (color === 'grey') return rgbToGrey(raster);
  return raster.channels === 1 ? greyToRgb(raster) : raster;
}
