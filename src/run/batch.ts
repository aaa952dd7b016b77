import type {Tensor4D} from '@tensorflow/tfjs-core';
import {SampleError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import {resample} from '../images/resample.js';
import {copyValues, type PixelData, type View} from '../kernels/view.js';
import type {TensorLibrary} from '../losses/contract.js';
import type {Batch, Reading, SampleViews, ViewOptions} from '../losses/sample-contract.js';
import {withRole} from './error-text.js';
import {makeView} from './view.js';

/** The decoded files of one sample, by role and reading (one file may be read in two ways in one run). */
export interface DecodedSample {
  readonly key: string;
  raster(role: string, reading: Reading): Raster;
  has(role: string): boolean;
}

/**
 * A sample's images under one view and one loss's readings. Views are made on first use and kept, so that losses with
 * the same view share them, and so do samples that share a file.
 */
export function sampleViews(
  sample: DecodedSample,
  readings: Readonly<Record<string, Reading>>,
  options: ViewOptions,
): SampleViews {
  const has = (role: string) => role in readings && sample.has(role);
  const view = (role: string) => sharedView(sample, role, readings, options);
  const {height, width} = view(Object.keys(readings).find(has) as string);
  let valid: Uint8Array | null | undefined;
  let weights: Float32Array | null | undefined;
  const validOf = () => {
    if (valid === undefined) valid = has('ignore') ? sharedValid(view('ignore')) : null;
    return valid;
  };
  const weightsOf = () => {
    if (weights === undefined) weights = pixelWeights(has('weight') ? view('weight') : null, validOf());
    return weights;
  };
  const resized = (role: string) => {
    const made = view(role);
    return made.height === height && made.width === width ? made : resizedView(made, height, width);
  };
  return {key: sample.key, height, width, has, view, resized, valid: validOf, weights: weightsOf};
}

function sharedView(
  sample: DecodedSample,
  role: string,
  readings: Readonly<Record<string, Reading>>,
  options: ViewOptions,
): View {
  const reading = readings[role];
  if (!reading) throw new TypeError(`the loss reads role '${role}', which it does not declare`);
  const raster = sample.raster(role, reading);
  const views = VIEWS.get(raster) ?? new Map<string, View>();
  VIEWS.set(raster, views);
  const name = [reading, options.color, options.range, options.cropBorder].join(' ');
  const known = views.get(name);
  if (known) return known;
  try {
    const made = makeView(raster, reading, options);
    views.set(name, made);
    return made;
  } catch (error) {
    throw error instanceof SampleError ? withRole(role, error) : error;
  }
}

/** Kept with the image that they are made of, which may serve many samples. */
const VIEWS = new WeakMap<Raster, Map<string, View>>();

/** A view at another size; the last few are kept with the view they were made of, which may serve many samples. */
function resizedView(view: View, height: number, width: number): View {
  const sizes = RESIZED.get(view.data) ?? new Map<string, View>();
  RESIZED.set(view.data, sizes);
  const name = [height, width, view.channels, view.scale, view.offset].join(' ');
  const known = sizes.get(name);
  if (known) return known;
  const values = new Float64Array(view.data.length);
  for (let i = 0; i < values.length; i++) values[i] = (view.data[i] as number) * view.scale + view.offset;
  const raster = {data: values, height: view.height, width: view.width, channels: view.channels, maximum: null};
  const made: View = {...resample(raster, height, width), scale: 1, offset: 0, integer: false};
  sizes.set(name, made);
  const [oldest = name] = sizes.keys();
  if (sizes.size > SIZES_KEPT) sizes.delete(oldest);
  return made;
}

/** Sizes of one image that are kept: a dataset may have as many as it has samples. */
const SIZES_KEPT = 4;

const RESIZED = new WeakMap<PixelData, Map<string, View>>();

/** Joins samples of equal shape; `dispose` frees the tensors made for them. */
export function makeBatch(samples: readonly SampleViews[], tf: TensorLibrary): Batch & {dispose(): void} {
  const first = samples[0] as SampleViews;
  const {height, width} = first;
  const tensors = new Map<string, Tensor4D>();
  const fill: Batch['fill'] = (name, channels, fillOne) => {
    const known = tensors.get(name);
    if (known) return known;
    const length = height * width * channels;
    const data = new Float32Array(samples.length * length);
    samples.forEach((sample, i) => {
      fillOne(sample, data.subarray(i * length, (i + 1) * length));
    });
    const made = tf.tensor4d(data, [samples.length, height, width, channels]);
    tensors.set(name, made);
    return made;
  };
  const weightTensor = (name: string, of: (sample: SampleViews) => ArrayLike<number> | null) =>
    of(first) === null ? null : fill(name, 1, (sample, out) => out.set(of(sample) as ArrayLike<number>));
  return {
    samples,
    height,
    width,
    has: first.has,
    tensor: (role) =>
      fill(`role ${role}`, first.view(role).channels, (sample, out) => copyValues(sample.view(role), out)),
    difference: () =>
      fill('difference', first.view('pred').channels, (sample, out) =>
        subtract(sample.view('pred'), sample.view('target'), out),
      ),
    weights: () => weightTensor('weights', (sample) => sample.weights()),
    valid: () => weightTensor('valid', (sample) => sample.valid()),
    fill,
    dispose: () => {
      for (const tensor of tensors.values()) tensor.dispose();
      tensors.clear();
    },
  };
}

function subtract(pred: View, target: View, out: Float32Array): void {
  const {data: x, scale: xScale, offset: xOffset} = pred;
  const {data: y, scale: yScale, offset: yOffset} = target;
  for (let i = 0; i < out.length; i++) {
    out[i] = (x[i] as number) * xScale + xOffset - ((y[i] as number) * yScale + yOffset);
  }
}

function sharedValid(ignore: View): Uint8Array {
  const known = VALID.get(ignore);
  if (known) return known;
  const made = Uint8Array.from(ignore.data, (value) => (value === 0 ? 1 : 0));
  VALID.set(ignore, made);
  return made;
}

/** Kept with the view of `ignore`, as a network tells images apart by their pixels and by which of them are valid. */
const VALID = new WeakMap<View, Uint8Array>();

function pixelWeights(weight: View | null, valid: Uint8Array | null): Float32Array | null {
  if (!weight) return valid && Float32Array.from(valid);
  const out = new Float32Array(weight.height * weight.width);
  copyValues(weight, out);
  for (let i = 0; i < out.length; i++) {
    if (valid && !valid[i]) {
      out[i] = 0;
      continue;
    }
    const value = out[i] as number;
    if (!(value >= 0 && value < Infinity)) {
      throw new SampleError(
        'weight',
        `a pixel weight must be a finite number of at least 0, pixel ${i % weight.width},${Math.floor(i / weight.width)} has ${value}`,
      );
    }
  }
  return out;
}
