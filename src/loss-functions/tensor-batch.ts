import type {Tensor4D} from '@tensorflow/tfjs-core';
import {SampleError} from '../errors.js';
import type {PixelData, View} from '../kernels/view.js';
import type {TensorLibrary} from '../losses/contract.js';
import type {Batch, Reading, SampleViews} from '../losses/sample-contract.js';

/** Images of one size as a loss reads them, by role: `[n, h, w, c]`. */
export type ImageTensors = Readonly<Record<string, Tensor4D>>;

/**
 * A batch of tensors: what a loss makes of its images is made by operations, so that it is differentiable, and only
 * what has no gradient (labels, weights) is read back. Call it in a `tf.tidy`: nothing else disposes what it makes.
 */
export function tensorBatch(
  tf: TensorLibrary,
  images: ImageTensors,
  readings: Readonly<Record<string, Reading>>,
): Batch {
  const [first] = Object.values(images);
  if (!first) throw new TypeError('a batch needs an image');
  const [count, height, width] = first.shape;
  const values = new Map<string, PixelData>();
  const valuesOf = (role: string): PixelData => {
    const known = values.get(role) ?? (images[role] as Tensor4D).dataSync();
    values.set(role, known);
    return known;
  };
  const samples = Array.from({length: count}, (_, i) => sampleOf(images, readings, i, valuesOf));
  const made = new Map<string, Tensor4D>();
  const tensor = (role: string) => images[role] as Tensor4D;
  const fill: Batch['fill'] = (name, channels, fillOne, through) => {
    const known = made.get(name);
    if (known) return known;
    const result = through?.() ?? filled(tf, samples, channels, fillOne);
    made.set(name, result);
    return result;
  };
  const mapOf = (name: string, of: (sample: SampleViews) => ArrayLike<number> | null) =>
    of(samples[0] as SampleViews) === null
      ? null
      : fill(name, 1, (sample, out) => out.set(of(sample) as ArrayLike<number>));
  return {
    samples,
    height,
    width,
    has: (role) => role in images,
    tensor,
    difference: () => tf.sub(tensor('pred'), tensor('target')),
    weights: () => mapOf('weights', (sample) => sample.weights()),
    valid: () => mapOf('valid', (sample) => sample.valid()),
    fill,
  };
}

function filled(
  tf: TensorLibrary,
  samples: readonly SampleViews[],
  channels: number,
  fillOne: (sample: SampleViews, out: Float32Array) => void,
): Tensor4D {
  const {height, width} = samples[0] as SampleViews;
  const length = height * width * channels;
  const data = new Float32Array(samples.length * length);
  samples.forEach((sample, i) => {
    fillOne(sample, data.subarray(i * length, (i + 1) * length));
  });
  return tf.tensor4d(data, [samples.length, height, width, channels]);
}

/** The i-th sample: views whose values are read back where a loss asks for them. */
function sampleOf(
  images: ImageTensors,
  readings: Readonly<Record<string, Reading>>,
  index: number,
  valuesOf: (role: string) => PixelData,
): SampleViews {
  const has = (role: string) => role in images;
  const views = new Map<string, View>();
  const viewOf = (role: string): View => {
    const [, height, width, channels] = (images[role] as Tensor4D).shape;
    const length = height * width * channels;
    return {
      get data() {
        return valuesOf(role).subarray(index * length, (index + 1) * length);
      },
      scale: 1,
      offset: 0,
      height,
      width,
      channels,
      integer: readings[role] === 'labels' || readings[role] === 'instances',
    };
  };
  const view = (role: string): View => {
    const known = views.get(role) ?? viewOf(role);
    views.set(role, known);
    return known;
  };
  const {height, width} = view(Object.keys(images)[0] as string);
  let valid: Uint8Array | null | undefined;
  let weights: Float32Array | null | undefined;
  const validOf = () => {
    if (valid === undefined)
      valid = has('ignore') ? Uint8Array.from(view('ignore').data, (id) => Number(id === 0)) : null;
    return valid;
  };
  const weightsOf = () => {
    if (weights === undefined) weights = pixelWeights(has('weight') ? view('weight').data : null, validOf());
    return weights;
  };
  return {key: String(index), height, width, has, view, resized: view, valid: validOf, weights: weightsOf};
}

function pixelWeights(given: PixelData | null, valid: Uint8Array | null): Float32Array | null {
  if (!given) return valid && Float32Array.from(valid);
  return Float32Array.from(given, (weight, i) => {
    if (valid && !valid[i]) return 0;
    if (weight >= 0 && weight < Infinity) return weight;
    throw new SampleError('weight', `a pixel weight must be a finite number of at least 0, got ${weight}`);
  });
}
