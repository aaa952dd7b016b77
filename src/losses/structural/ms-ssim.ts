import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {SampleError} from '../../errors.js';
import {multiScaleSsimMeans} from '../../kernels/ssim.js';
import {type Cell, isUndefinedValue} from '../../rows/row.js';
import {defineLoss, type LossContext, type LossInstance, type TensorLibrary} from '../contract.js';
import {betterIn, objectiveIn} from '../form.js';
import type {SampleViews, StoredSample} from '../sample-contract.js';
import {sumPerSample, tensorLoss} from '../tensor-loss.js';
import {pixelWeightRoles, toView} from '../view-options.js';
import {halve} from './box-pool.js';
import {imagePair, similarityCell, similarityConstants, similarityOptions} from './similarity.js';
import {similarityShows, windowMap} from './similarity-map.js';
import {centred, centreWeights, type ImageTensors, imageFeed, ssimMaps} from './ssim-maps.js';

/** The exponent of each scale, the finest first (Wang 2003, section 3.2). */
const SCALE_WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;
const COARSEST = SCALE_WEIGHTS.length - 1;
/** The shortest side that leaves one window at the coarsest scale. */
const SHORTEST_SIDE = 161;

const options = z.strictObject(similarityOptions);

/**
 * Multi-scale structural similarity (Wang, Simoncelli, Bovik 2003, equation 7): for each channel the product over five
 * scales of the mean contrast-structure term, at the coarsest of the mean SSIM, each to its scale's exponent;
 * negative means count as 0; then the mean over channels. Scales halve by 2×2 means, an odd side repeats its
 * last row or column first. In [0, 1], 1 for identical images.
 *
 * Ignored pixels leave windows and 2×2 means alike; windows weigh as their centre does, at every scale.
 */
export const msSsim = defineLoss({
  id: 'ms-ssim',
  family: 'structural',
  better: betterIn,
  summary: 'Multi-scale structural similarity, five scales',
  formula: 'mean over channels of product_j max(0, mean cs_j)^w_j, at the coarsest scale ssim for cs',
  range: '0 to 1; 1 for identical images',
  use: 'Compression, and images seen from farther away: structure at five scales. The sides must have 161 pixels at least.',
  reference: 'Wang, Simoncelli, Bovik 2003, Multi-scale structural similarity for image quality assessment',
  undefinedWhen: `the shorter side is under ${SHORTEST_SIDE} pixels, after crop_border; no valid pixel at some scale`,
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options,
  create: createMultiScale,
});

/** Maps of the image's size that live at once in the tensor form. */
const MAPS = 36;

function createMultiScale(settings: z.output<typeof options>, context: LossContext): LossInstance {
  const {tf} = context;
  const {form} = settings;
  const constants = similarityConstants(settings);

  const fused = (sample: SampleViews | StoredSample): {'': Cell} => {
    const small = tooSmall(sample);
    if (small) return {'': {undefined: small}};
    const scales = multiScaleSsimMeans(imagePair(sample), constants, SCALE_WEIGHTS.length);
    const product = new Float64Array(sample.view('pred').channels).fill(1);
    scales.forEach(({ssim, contrast}, scale) => {
      const means = scale === COARSEST ? ssim : contrast;
      for (let channel = 0; channel < product.length; channel++) {
        const mean = Math.max(0, means[channel] as number);
        product[channel] = (product[channel] as number) * mean ** (SCALE_WEIGHTS[scale] as number);
      }
    });
    return {'': similarityCell(product, Math.min(...scales.map(({weight}) => weight)), form)};
  };

  return {
    ...tensorLoss(context, {
      columns: [{part: '', better: betterIn(settings)}],
      view: toView(settings),
      maps: MAPS,
      feed: imageFeed,
      forward: (feeds) => {
        const given = feeds as unknown as ImageTensors;
        const [n, height, width] = given.pred.shape;
        if (tooSmall({height, width})) return {'': tf.fill([n], Number.NaN) as Tensor1D};
        let images = centred(tf, given, constants.centre);
        const factors: Tensor2D[] = [];
        for (const [scale, exponent] of SCALE_WEIGHTS.entries()) {
          if (scale > 0) images = halve(tf, images);
          const {ssim, contrast} = ssimMaps(tf, images, constants);
          const means = channelMeans(tf, scale === COARSEST ? ssim : contrast, images.weights);
          factors.push(power(tf, means, exponent));
        }
        const mean = tf.mean(
          factors.reduce((product, factor) => tf.mul(product, factor)),
          1,
        ) as Tensor1D;
        return {'': form === 'metric' ? mean : tf.sub(1, mean)};
      },
      undefinedReason: (batch, index) => {
        const cell = fused(batch.samples[index] as SampleViews)[''];
        return isUndefinedValue(cell) ? cell.undefined : null;
      },
    }),
    fused,
    stored: fused,
    // A product over scales has no map of its own; this one is where the images differ in detail.
    pixelMap: {
      shows: similarityShows('SSIM of the finest scale', form),
      better: form === 'metric' ? 'higher' : 'lower',
      of(sample) {
        const small = tooSmall(sample);
        if (small) throw new SampleError('too-small', small);
        return windowMap(sample, constants, 1, form);
      },
    },
  };
}

/** The mean of a map of windows per sample and channel, `[n, c]`, weighed by the windows' centres. */
function channelMeans(tf: TensorLibrary, map: Tensor4D, weights: Tensor4D | undefined): Tensor2D {
  const [n, height, width, channels] = map.shape;
  const sums = (windows: Tensor4D) => {
    const planes = tf.transpose(windows, [0, 3, 1, 2]);
    return tf.reshape(sumPerSample(tf, tf.reshape(planes, [n * channels, height, width])), [n, channels]) as Tensor2D;
  };
  if (!weights) return tf.div(sums(map), height * width);
  const centres = centreWeights(tf, weights);
  const weighed = tf.where(tf.greater(centres, 0), tf.mul(map, centres), 0) as Tensor4D;
  return tf.div(sums(weighed), tf.reshape(sumPerSample(tf, centres), [n, 1]));
}

/** max(0, x)^exponent with gradient 0, not NaN, where x ≤ 0. */
function power(tf: TensorLibrary, x: Tensor2D, exponent: number): Tensor2D {
  return tf.mul(tf.pow(tf.maximum(x, 1e-30), exponent), tf.step(x));
}

function tooSmall({height, width}: {height: number; width: number}): string | null {
  if (Math.min(height, width) >= SHORTEST_SIDE) return null;
  return `the image is ${width}×${height}, and five scales need ${SHORTEST_SIDE} pixels at the shorter side`;
}
