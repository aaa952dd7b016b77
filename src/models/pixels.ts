import type {Raster} from '../images/raster.js';
import {limitsOf} from './image-input.js';
import type {ImageInput} from './model.js';

/**
 * Writes an image, in the channels of the input, as the model takes it: value / maximum (floats as they are), mapped to
 * `range`, minus mean, divided by std, in float64 and rounded once; to the nearest whole number of the type where the model
 * takes integers.
 */
export function writePixels(raster: Raster, input: ImageInput, out: Float32Array, at: number): void {
  const {data, maximum} = raster;
  const {channels, layout, color, mean, std, range} = input;
  const [low, high] = range;
  const limits = limitsOf(input.element);
  const positions = raster.height * raster.width;
  const [pixelStep, channelStep] = layout === 'nchw' ? [1, positions] : [channels, 1];
  for (let channel = 0; channel < channels; channel++) {
    const divisor = std[channel] as number;
    const scale = (high - low) / (maximum ?? 1) / divisor;
    const shift = (low - (mean[channel] as number)) / divisor;
    let from = color === 'bgr' ? channels - 1 - channel : channel;
    let to = at + channel * channelStep;
    for (let i = 0; i < positions; i++, from += channels, to += pixelStep) {
      const value = (data[from] as number) * scale + shift;
      out[to] = limits === null ? value : Math.min(limits[1], Math.max(limits[0], Math.round(value)));
    }
  }
}

/** The shape of a run's input. */
export function inputShape(batch: number, height: number, width: number, {channels, layout}: ImageInput): number[] {
  return layout === 'nchw' ? [batch, channels, height, width] : [batch, height, width, channels];
}
