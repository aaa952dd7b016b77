import {SampleError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import type {Model, ModelOutput} from './model.js';

/**
 * An image that a model gave, `[h, w, c]` in the order R, G, B with values in 0..1, in the layout and the order of its
 * input: `outputRange` to [0, 1], or, where that is null, the way back of what its input went, value × std + mean from
 * `range`. Values outside stay outside.
 * Throws SampleError `model-output` for what is no image of the model's channels.
 */
export function outputImage(
  {name, output, input}: Model,
  {shape, values}: ModelOutput,
  outputRange: readonly [number, number] | null = null,
): Raster {
  const {channels, layout, color, mean, std} = input;
  const [first = 0, second = 0, third = 0] = shape;
  const [height, width, depth] = layout === 'nchw' ? [second, third, first] : [first, second, third];
  if (shape.length !== 3 || depth !== channels) {
    const expected = layout === 'nchw' ? `[${channels}, h, w]` : `[h, w, ${channels}]`;
    throw new SampleError(
      'model-output',
      `model ${name}: its output '${output}' has the shape [${shape.join(', ')}] for an image, expected ${expected}`,
    );
  }
  const [low, high] = outputRange ?? input.range;
  const positions = height * width;
  const [pixelStep, channelStep] = layout === 'nchw' ? [1, positions] : [channels, 1];
  const data = new Float64Array(positions * channels);
  for (let channel = 0; channel < channels; channel++) {
    const to = color === 'bgr' ? channels - 1 - channel : channel;
    const [factor, shift] = outputRange ? [1, 0] : [std[channel] as number, mean[channel] as number];
    for (let i = 0; i < positions; i++) {
      const value = values[i * pixelStep + channel * channelStep] as number;
      data[i * channels + to] = (value * factor + shift - low) / (high - low);
    }
  }
  return {data, height, width, channels, maximum: null};
}
