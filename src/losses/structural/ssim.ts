import type {Tensor1D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {SampleError} from '../../errors.js';
import {ssimMeans} from '../../kernels/ssim.js';
import {WINDOW_SIZE} from '../../kernels/ssim-windows.js';
import {type Cell, isUndefinedValue} from '../../rows/row.js';
import {defineLoss, type LossContext, type LossInstance} from '../contract.js';
import {betterIn, objectiveIn} from '../form.js';
import {meanOfMap} from '../pixel-map.js';
import type {SampleViews, StoredSample} from '../sample-contract.js';
import {tensorLoss, weightedMean} from '../tensor-loss.js';
import {pixelWeightRoles, toView} from '../view-options.js';
import {boxPool} from './box-pool.js';
import {imagePair, similarityCell, similarityConstants, similarityOptions} from './similarity.js';
import {similarityShows, windowMap} from './similarity-map.js';
import {centred, centreWeights, type ImageTensors, imageFeed, ssimMaps} from './ssim-maps.js';

const options = z.strictObject({
  ...similarityOptions,
  downsample: z
    .enum(['none', 'auto'])
    .default('none')
    .describe(
      'auto: first shrink by f×f means, f = max(1, round(shorter side / 256)), half to even, remainder dropped',
    ),
});

/**
 * Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004, equation 13): over 11×11 Gaussian windows, σ = 1.5, that
 * lie inside the image, (2·μx·μy + c1)(2·σxy + c2) / ((μx² + μy² + c1)(σx² + σy² + c2)), population moments,
 * c1 = (k1·L)², c2 = (k2·L)², L the width of `range`; the mean over windows and channels. In [−1, 1], 1 for identical images.
 *
 * A pixel that is ignored leaves every window (normalised convolution); a window counts if its centre is valid and
 * weighs as its centre does.
 */
export const ssim = defineLoss({
  id: 'ssim',
  family: 'structural',
  better: betterIn,
  summary: 'Structural similarity: luminance, contrast and structure in a sliding Gaussian window',
  formula: 'mean((2 ux uy + c1)(2 sxy + c2) / ((ux^2 + uy^2 + c1)(sx^2 + sy^2 + c2)))',
  range: '-1 to 1; 1 for identical images',
  use: 'Whether structure is kept, next to PSNR the usual number of restoration. Libraries differ in window, borders and colour; the options below say which one you get. It forgives changes of contrast and punishes shifts.',
  reference:
    'Wang, Bovik, Sheikh, Simoncelli 2004, Image quality assessment: from error visibility to structural similarity',
  undefinedWhen: 'the image is smaller than the 11×11 window, after crop_border and downsample; no valid pixel',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options,
  create: createSsim,
});

/** Maps of the image's size that live at once in the tensor form. */
const MAPS = 36;

function createSsim(settings: z.output<typeof options>, context: LossContext): LossInstance {
  const {tf} = context;
  const {form, downsample} = settings;
  const constants = similarityConstants(settings);
  const factorOf = (height: number, width: number) => (downsample === 'auto' ? automaticFactor(height, width) : 1);

  const fused = (sample: SampleViews | StoredSample): {'': Cell} => {
    const small = smallerThanWindow(sample, factorOf(sample.height, sample.width));
    if (small) return {'': {undefined: small}};
    const means = ssimMeans(imagePair(sample), constants, factorOf(sample.height, sample.width));
    return {'': similarityCell(means.ssim, means.weight, form)};
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
        const factor = factorOf(height, width);
        if (smallerThanWindow({height, width}, factor)) return {'': tf.fill([n], Number.NaN) as Tensor1D};
        const images = boxPool(tf, centred(tf, given, constants.centre), factor);
        const mean = weightedMean(
          tf,
          ssimMaps(tf, images, constants).ssim,
          images.weights && centreWeights(tf, images.weights),
        );
        return {'': form === 'metric' ? mean : tf.sub(1, mean)};
      },
      undefinedReason: (batch, index) => {
        const cell = fused(batch.samples[index] as SampleViews)[''];
        return isUndefinedValue(cell) ? cell.undefined : null;
      },
    }),
    fused,
    stored: fused,
    pixelMap: {
      shows: similarityShows('SSIM', form),
      better: form === 'metric' ? 'higher' : 'lower',
      value: meanOfMap,
      of(sample) {
        const factor = factorOf(sample.height, sample.width);
        const small = smallerThanWindow(sample, factor);
        if (small) throw new SampleError('too-small', small);
        return windowMap(sample, constants, factor, form);
      },
    },
  };
}

/** f = max(1, round(shorter side / 256)), a half going to the even neighbour, as in the authors' later code. */
function automaticFactor(height: number, width: number): number {
  const ratio = Math.min(height, width) / 256;
  const rounded = ratio % 1 === 0.5 ? 2 * Math.round(ratio / 2) : Math.round(ratio);
  return Math.max(1, rounded);
}

function smallerThanWindow({height, width}: {height: number; width: number}, factor: number): string | null {
  const [rows, columns] = [Math.floor(height / factor), Math.floor(width / factor)];
  if (Math.min(rows, columns) >= WINDOW_SIZE) return null;
  return `the image is ${columns}×${rows}, smaller than the ${WINDOW_SIZE}×${WINDOW_SIZE} window`;
}
