import {greyToRgb} from '../../images/channels.js';
import {toGrey} from '../../images/colour.js';
import type {Raster} from '../../images/raster.js';
import {resample} from '../../images/resample.js';
import {copyValues, type View} from '../../kernels/view.js';
import type {ImageInput} from '../../models/model.js';

/**
 * An image of one or three channels as a model takes it, in float64: grey as three equal channels, colours as their
 * luma where the model takes grey, resampled (antialiased) where the model has a size.
 */
export function modelImage(view: View, {channels, size}: ImageInput): Raster {
  const {height, width} = view;
  const data = new Float64Array(view.data.length);
  copyValues(view, data);
  const coloured = inChannels({data, height, width, channels: view.channels, maximum: null}, channels);
  if (size === null || (size[0] === height && size[1] === width)) return coloured;
  return resample(coloured, ...size);
}

function inChannels(raster: Raster, channels: 1 | 3): Raster {
  if (raster.channels === channels) return raster;
  if (channels === 3) return greyToRgb(raster);
  const {data, height, width} = raster;
  const grey = toGrey((i) => data[i] as number, height * width, raster.channels, 'luma');
  return {...raster, data: grey, channels};
}
