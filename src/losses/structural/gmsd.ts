import type {Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {isStored} from '../../kernels/elements.js';
import {gradientSimilarityDeviation} from '../../kernels/gradient-similarity.js';
import type {Cell} from '../../rows/row.js';
import {defineLoss, type LossContext, type LossInstance, type TensorLibrary} from '../contract.js';
import {squareRoot} from '../pixel/square-root.js';
import type {SampleViews, StoredSample} from '../sample-contract.js';
import {cellOf, sumPerSample, tensorLoss} from '../tensor-loss.js';
import {pixelWeightRoles, viewOptions} from '../view-options.js';
import {gradientSimilarityMap} from './gradient-similarity-map.js';

/** Stabilises the quotient of gradients on 0..255 (Xue 2014, section III). */
const C = 170;
/** Maps of the image's size, of one channel, that live at once. */
const MAPS = 23;

const options = z.strictObject({range: viewOptions.range, crop_border: viewOptions.crop_border});

/**
 * Gradient magnitude similarity deviation (Xue, Zhang, Mou, Bovik 2014, equations 3 to 6), as its authors released it:
 * both images as 8-bit luminance, 2×2 means that start at the pixel (0 past the edge), every second pixel; gradients by
 * Prewitt/3 with a zero border; per pixel (2·g·h + c) / (g² + h² + c), c = 170; the standard deviation of that map, n − 1.
 * 0 for identical images.
 *
 * A pixel of the map counts if none of the pixels it depends on is ignored (a 3×3 neighbourhood of 2×2 blocks), and weighs
 * the mean weight of its own block; the weighted variance is multiplied by n / (n − 1), n the number of pixels with a weight.
 */
export const gmsd = defineLoss({
  id: 'gmsd',
  family: 'structural',
  better: 'lower',
  summary: 'Gradient magnitude similarity deviation',
  formula: 'std((2 g h + 170) / (g^2 + h^2 + 170)), g and h the gradient magnitudes of the halved luminances',
  range: 'from 0, which identical images have; 0.35 is bad',
  use: "A quick measure of perceived quality that looks at edges alone, and agrees with people better than SSIM in its authors' tests. Colour does not count.",
  reference:
    'Xue, Zhang, Mou, Bovik 2014, Gradient magnitude similarity deviation: a highly efficient perceptual image quality index',
  undefinedWhen: 'fewer than two pixels of the halved image count',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options,
  create: createGmsd,
});

function createGmsd(settings: z.output<typeof options>, context: LossContext): LossInstance {
  const {tf} = context;
  const loss = tensorLoss(context, {
    columns: [{part: '', better: 'lower'}],
    view: {color: 'luma8', range: settings.range, cropBorder: settings.crop_border},
    feed: (batch) => {
      const weights = batch.weights();
      const valid = batch.valid();
      const levels = (role: string) =>
        batch.fill(
          `gmsd levels of ${role}`,
          1,
          (sample, out) => writeLevels(sample, role, settings.range, out),
          () => levelTensor(tf, batch.tensor(role), settings.range),
        );
      return {pred: levels('pred'), target: levels('target'), ...(weights && {weights}), ...(valid && {valid})};
    },
    forward: (feeds) => {
      const {pred, target, weights, valid} = feeds as Record<string, Tensor4D | undefined>;
      const [n, height, width] = (pred as Tensor4D).shape;
      if (!hasTwoPixels(height, width)) return {'': tf.fill([n], Number.NaN) as Tensor1D};
      const map = similarityMap(tf, pred as Tensor4D, target as Tensor4D);
      return {'': deviation(tf, map, weights ? countedWeights(tf, weights, valid) : tf.ones(map.shape))};
    },
    undefinedReason: (batch, index) => undefinedReason(batch.samples[index] as SampleViews),
  });
  return {
    ...loss,
    memory: (height, width) => 4 * MAPS * height * width,
    fused: (sample) => ({'': fusedCell(sample, settings.range)}),
    stored: (sample) => ({'': fusedCell(sample, settings.range)}),
    pixelMap: {
      shows: 'gradient magnitude similarity',
      better: 'higher',
      of(sample) {
        const levels = (role: string) => {
          const out = new Float64Array(sample.height * sample.width);
          writeLevels(sample, role, settings.range, out);
          return out;
        };
        return gradientSimilarityMap(sample, levels, C);
      },
    },
  };
}

function fusedCell(sample: SampleViews | StoredSample, range: readonly [number, number]): Cell {
  const value = gradientSimilarityDeviation({
    pred: sample.view('pred'),
    target: sample.view('target'),
    range,
    valid: sample.valid(),
    weights: sample.weights(),
  });
  if (!Number.isNaN(value)) return value;
  const reason = undefinedReason(sample);
  return reason ? {undefined: reason} : cellOf(value, sample);
}

/** Whether the halved image has two pixels, the least that a deviation needs. */
function hasTwoPixels(height: number, width: number): boolean {
  return Math.ceil(height / 2) * Math.ceil(width / 2) >= 2;
}

/** Why there is no deviation; null where that is not gmsd's own doing. */
function undefinedReason(sample: SampleViews | StoredSample): string | null {
  const {height, width} = sample;
  if (!hasTwoPixels(height, width)) {
    return `the image is ${width}×${height}, and a deviation needs two pixels of the halved image`;
  }
  const weights = sample.weights();
  if (!weights?.some((weight) => weight > 0)) return null;
  const finite = ['pred', 'target'].every((role) => {
    const {data} = sample.view(role);
    return isStored(data) || data.every((value: number) => Number.isFinite(value));
  });
  return finite ? 'fewer than two pixels of the halved image count' : null;
}

/** Whole levels 0 to 255 from a luma8 view, whose values lie in `range`. */
function writeLevels(
  sample: SampleViews,
  role: string,
  [low, high]: readonly [number, number],
  out: Float32Array | Float64Array,
): void {
  const {data, scale, offset} = sample.view(role);
  for (let i = 0; i < out.length; i++) {
    out[i] = (((data[i] as number) * scale + offset - low) * 255) / (high - low);
  }
}

/** The same of `[n, h, w, 1]`. */
function levelTensor(tf: TensorLibrary, luma: Tensor4D, [low, high]: readonly [number, number]): Tensor4D {
  return tf.mul(tf.sub(luma, low), 255 / (high - low));
}

/** (2·g·h + c) / (g² + h² + c) at every pixel of the halved images. */
function similarityMap(tf: TensorLibrary, pred: Tensor4D, target: Tensor4D): Tensor4D {
  const x = squaredGradient(tf, halve(tf, pred));
  const y = squaredGradient(tf, halve(tf, target));
  const product = squareRoot(tf, tf.mul(x, y));
  return tf.div(tf.add(tf.mul(2, product), C), tf.add(tf.add(x, y), C));
}

/** 2×2 means at every second pixel, 0 past an odd edge. */
function halve(tf: TensorLibrary, map: Tensor4D): Tensor4D {
  return tf.avgPool(padToEven(tf, map), 2, 2, 'valid');
}

function padToEven(tf: TensorLibrary, map: Tensor4D): Tensor4D {
  const [, height, width] = map.shape;
  return tf.pad(map, [
    [0, 0],
    [0, height % 2],
    [0, width % 2],
    [0, 0],
  ]);
}

/** gx² + gy² of the Prewitt operator over 3, zero border. */
function squaredGradient(tf: TensorLibrary, map: Tensor4D): Tensor4D {
  const third = 1 / 3;
  // [row][column][input][x, y]
  const prewitt = tf.tensor4d(
    [-1, 0, 1].flatMap((row) => [-1, 0, 1].flatMap((column) => [column * third, row * third])),
    [3, 3, 1, 2],
  );
  return tf.sum(tf.square(tf.conv2d(map, prewitt, 1, 'same')), 3, true);
}

/** The weight of every pixel of the map: the mean of its 2×2 block (of what lies inside), 0 where an ignored pixel takes part. */
function countedWeights(tf: TensorLibrary, weights: Tensor4D, valid: Tensor4D | undefined): Tensor4D {
  const blocks = tf.div(halve(tf, weights), halve(tf, tf.onesLike(weights))) as Tensor4D;
  if (!valid) return blocks;
  const [, height, width] = valid.shape;
  const ignored = tf.pad(tf.sub(1, valid) as Tensor4D, [
    [0, 0],
    [2, 2 + (height % 2)],
    [2, 2 + (width % 2)],
    [0, 0],
  ]);
  return tf.mul(blocks, tf.sub(1, tf.maxPool(ignored, 6, 2, 'valid')));
}

/** √(n/(n − 1) · Σ w(x − m)² / Σ w), m = Σ w·x / Σ w, n the number of positive weights; NaN for n < 2. */
function deviation(tf: TensorLibrary, map: Tensor4D, weights: Tensor4D): Tensor1D {
  const samples = map.shape[0];
  const total = sumPerSample(tf, weights);
  const counted = tf.where(tf.greater(weights, 0), map, 0) as Tensor4D;
  const mean = tf.div(sumPerSample(tf, tf.mul(counted, weights)), total);
  const offsets = tf.sub(counted, tf.reshape(mean, [samples, 1, 1, 1]));
  const variance = tf.div(sumPerSample(tf, tf.mul(tf.square(offsets), weights)), total);
  const count = sumPerSample(tf, tf.step(weights));
  return squareRoot(tf, tf.mul(variance, tf.div(count, tf.sub(count, 1))));
}
