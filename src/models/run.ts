import {UsageError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import type {ImageInput} from './model.js';
import {oneLine} from './one-line.js';
import {inputShape, writePixels} from './pixels.js';
import type {ModelRuntime, ModelTensor} from './runtime.js';

/** A model whose input is known. */
export interface ReadyModel {
  readonly name: string;
  readonly runtime: ModelRuntime;
  readonly input: ImageInput;
}

/**
 * One run of at most as many images as the model takes at once (one where it takes any number), filled up with zeros: the
 * outputs named. Images have one size and the model's channels. Throws UsageError where the model cannot be run.
 */
export async function runOnImages(
  {name, runtime, input}: ReadyModel,
  images: readonly Raster[],
  outputs: readonly string[],
): Promise<ModelTensor[]> {
  const {height, width} = images[0] as Raster;
  const length = height * width * input.channels;
  const shape = inputShape(input.batch ?? 1, height, width, input);
  const values = new Float32Array((input.batch ?? 1) * length);
  images.forEach((image, i) => {
    const fits = image.height === height && image.width === width && image.channels === input.channels;
    if (!fits) throw new TypeError('images of one run must have one size, and the channels of the model');
    writePixels(image, input, values, i * length);
  });
  try {
    return await runtime.run({shape, values}, outputs);
  } catch (error) {
    throw new UsageError(
      'CVL-M009',
      `model ${name} cannot be run on an input of [${shape.join(', ')}]: ${oneLine(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** A black image of the model's size; null where it takes any. */
export function blankImage({size, channels}: ImageInput): Raster | null {
  if (size === null) return null;
  const [height, width] = size;
  return {data: new Uint8Array(height * width * channels), height, width, channels, maximum: 255};
}
