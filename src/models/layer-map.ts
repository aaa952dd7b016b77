import {SampleError} from '../errors.js';
import type {ImageInput} from './model.js';
import type {ModelTensor} from './runtime.js';

/** The activations of a layer for one image. */
export interface LayerMap {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** `[c, h, w]`, row-major. */
  readonly values: Float32Array;
}

/** Where a layer comes from. */
export interface LayerSource {
  /** Of the model, as messages name it. */
  readonly name: string;
  readonly layer: string;
  readonly layout: ImageInput['layout'];
  /** Images of one run. */
  readonly batch: number | null;
  /** The image that was put in. */
  readonly image: {readonly height: number; readonly width: number};
}

/** Why a shape is not that of a layer, in a few words; null where it is, sides that may be any included. */
export function notAMap(
  {layout, batch}: Pick<LayerSource, 'layout' | 'batch'>,
  shape: readonly (number | null)[],
): string | null {
  const [first] = shape;
  if (shape.length === 4 && (first === null || first === (batch ?? first))) return null;
  const axes = layout === 'nchw' ? 'c, h, w' : 'h, w, c';
  const shown = shape.map((side) => side ?? 'any').join(', ');
  return `has the shape [${shown}], expected a layer's [${batch ?? 'n'}, ${axes}]`;
}

/**
 * A layer of the first image of a run. Throws SampleError `model-output` for a tensor that is no map and for a value that
 * is not finite, `too-small` for a map without a position.
 */
export function layerMap({name, layer, layout, batch, image}: LayerSource, {shape, values}: ModelTensor): LayerMap {
  const output = `model ${name}: its output '${layer}'`;
  const problem = notAMap({layout, batch}, shape);
  if (problem) throw new SampleError('model-output', `${output} ${problem}`);
  const [, a = 0, b = 0, c = 0] = shape;
  const [channels, height, width] = layout === 'nchw' ? [a, b, c] : [c, a, b];
  const own = values.subarray(0, channels * height * width);
  if (own.length === 0) {
    throw new SampleError(
      'too-small',
      `${name}'s ${layer} has no position in an image of ${image.height}×${image.width}`,
    );
  }
  if (!areFinite(own)) {
    const wrong = own.find((value) => !Number.isFinite(value));
    throw new SampleError('model-output', `${output} holds ${wrong}, expected finite numbers`);
  }
  return {channels, height, width, values: layout === 'nchw' ? own : planes(own, channels)};
}

/** Many millions of values: what is not finite times 0 is NaN, which stays in a sum. */
function areFinite(values: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += (values[i] as number) * 0;
  return zero === 0;
}

/** Activations `[h, w, c]` as `[c, h, w]`. */
function planes(values: Float32Array, channels: number): Float32Array {
  const positions = values.length / channels;
  const made = new Float32Array(values.length);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < positions; p++) made[c * positions + p] = values[p * channels + c] as number;
  }
  return made;
}
