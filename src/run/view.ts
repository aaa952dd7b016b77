import {SampleError} from '../errors.js';
import {toGrey} from '../images/colour.js';
import type {Raster} from '../images/raster.js';
import type {PixelData, View} from '../kernels/view.js';
import type {Reading, ViewOptions} from '../losses/sample-contract.js';

/**
 * A decoded image as a loss reads it: border cropped, and pixels in the loss's colour and range. Integers become
 * value / maximum (ids stay), mapped to `range` when they are pixels; floats stay as they are, and count as lying in
 * `range` where a colour is converted.
 * Throws SampleError `channels` where the reading or the colour needs another number of channels.
 */
export function makeView(raster: Raster, reading: Reading, {color, range, cropBorder}: ViewOptions): View {
  const scores = reading === 'scores' || reading === 'mask';
  if (reading !== 'pixels' && !scores && raster.channels !== 1) {
    const remedy = reading === 'labels' ? '; set palette for a mask in colours' : '';
    throw new SampleError(
      'channels',
      `${reading} need an image of one channel, this one has ${raster.channels}${remedy}`,
    );
  }
  const integer = raster.maximum !== null;
  const {maximum, ...cropped} = crop(raster, cropBorder);
  if (reading !== 'pixels') {
    const scale = integer && (scores || reading === 'weights') ? 1 / (maximum as number) : 1;
    return {...cropped, scale, offset: 0, integer};
  }
  const [low, high] = range;
  if (color === 'rgb') {
    return maximum === null
      ? {...cropped, scale: 1, offset: 0, integer}
      : {...cropped, scale: (high - low) / maximum, offset: low, integer};
  }
  const {data, height, width, channels} = cropped;
  const unit =
    maximum === null
      ? (i: number) => ((data[i] as number) - low) / (high - low)
      : (i: number) => (data[i] as number) / maximum;
  const grey = toGrey(unit, height * width, channels, color);
  return {data: grey, height, width, channels: 1, scale: high - low, offset: low, integer};
}

function crop(raster: Raster, border: number): Raster {
  if (border === 0) return raster;
  const {channels} = raster;
  const height = Math.max(0, raster.height - 2 * border);
  const width = Math.max(0, raster.width - 2 * border);
  const data = new (raster.data.constructor as new (length: number) => PixelData)(height * width * channels);
  for (let y = 0; y < height; y++) {
    const from = ((y + border) * raster.width + border) * channels;
    data.set(raster.data.subarray(from, from + width * channels), y * width * channels);
  }
  return {...raster, data, height, width};
}
