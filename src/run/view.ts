import {SampleError} from '../errors.js';
import {toGrey} from '../images/colour.js';
import type {Raster} from '../images/raster.js';
import type {PixelData, View} from '../kernels/view.js';
import type {Reading, ViewOptions} from '../losses/contract.js';

/**
 * A decoded image as a loss reads it: colour converted, scaled to `range`, border cropped.
 * Throws SampleError `channels` where the reading or the colour needs another number of channels.
 */
export function makeView(raster: Raster, reading: Reading, options: ViewOptions): View {
  if (reading !== 'pixels') return plainView(raster, reading, options.cropBorder);
  const {range, color} = options;
  const span = range[1] - range[0];
  const integerScale = raster.maximum === null ? 1 : span / raster.maximum;
  const integerOffset = raster.maximum === null ? 0 : range[0];
  if (color === 'rgb') {
    return {
      ...crop(raster, options.cropBorder),
      scale: integerScale,
      offset: integerOffset,
      integer: raster.maximum !== null,
    };
  }
  const {data, maximum} = raster;
  const unit =
    maximum === null
      ? (i: number) => ((data[i] as number) - range[0]) / span
      : (i: number) => (data[i] as number) / maximum;
  const grey = toGrey(unit, raster.height * raster.width, raster.channels, color);
  const cropped = crop(
    {data: grey, height: raster.height, width: raster.width, channels: 1, maximum: null},
    options.cropBorder,
  );
  return {...cropped, scale: span, offset: range[0], integer: raster.maximum !== null};
}

function plainView(raster: Raster, reading: Exclude<Reading, 'pixels'>, border: number): View {
  if (reading !== 'scores' && raster.channels !== 1) {
    throw new SampleError('channels', `${reading} need an image of one channel, this one has ${raster.channels}`);
  }
  const scaled = reading === 'scores' || reading === 'weights';
  return {
    ...crop(raster, border),
    scale: scaled && raster.maximum !== null ? 1 / raster.maximum : 1,
    offset: 0,
    integer: raster.maximum !== null,
  };
}

function crop(raster: Raster, border: number): Pick<View, 'data' | 'height' | 'width' | 'channels'> {
  const {channels} = raster;
  if (border === 0) return {data: raster.data, height: raster.height, width: raster.width, channels};
  const height = Math.max(0, raster.height - 2 * border);
  const width = Math.max(0, raster.width - 2 * border);
  const data = new (raster.data.constructor as new (length: number) => PixelData)(height * width * channels);
  for (let y = 0; y < height; y++) {
    const from = ((y + border) * raster.width + border) * channels;
    data.set(raster.data.subarray(from, from + width * channels), y * width * channels);
  }
  return {data, height, width, channels};
}
