import type {Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {rootVariation, variation} from '../../kernels/variation.js';
import {defineLoss, type TensorLibrary} from '../contract.js';
import type {PixelMap} from '../pixel-map.js';
import type {Batch, SampleViews, StoredSample} from '../sample-contract.js';
import {cellOf, tensorLoss, weightedSums} from '../tensor-loss.js';
import {pixelWeightRoles, toView, viewOptions} from '../view-options.js';
import {weightFeed} from './difference.js';
import {forEachDifference, forwardDifference} from './forward-difference.js';
import {squareRoot} from './square-root.js';

const options = z.strictObject({
  ...viewOptions,
  mode: z
    .enum(['anisotropic', 'isotropic', 'squared'])
    .default('anisotropic')
    .describe('anisotropic: |dx| + |dy|; isotropic: sqrt(dx^2 + dy^2); squared: dx^2 + dy^2'),
  reduction: z.enum(['sum', 'mean']).default('sum').describe('sum over pixels and channels, or mean over H·W·C'),
});

type Mode = z.output<typeof options>['mode'];

/** One pixel's variation from its forward differences, as tensors. */
const VARIATION: Readonly<Record<Mode, (tf: TensorLibrary, dx: Tensor4D, dy: Tensor4D) => Tensor4D>> = {
  anisotropic: (tf, dx, dy) => tf.add(tf.abs(dx), tf.abs(dy)),
  isotropic: (tf, dx, dy) => squareRoot(tf, tf.add(tf.square(dx), tf.square(dy))),
  squared: (tf, dx, dy) => tf.add(tf.square(dx), tf.square(dy)),
};

/** The same in float64. */
const VARIATION_OF: Readonly<Record<Mode, (dx: number, dy: number) => number>> = {
  anisotropic: (dx, dy) => Math.abs(dx) + Math.abs(dy),
  isotropic: (dx, dy) => Math.sqrt(dx ** 2 + dy ** 2),
  squared: (dx, dy) => dx ** 2 + dy ** 2,
};

/** Float32 maps that live at once in `forward`. */
const MAPS: Readonly<Record<Mode, number>> = {anisotropic: 10, isotropic: 13, squared: 10};

/**
 * Total variation of the prediction alone, from forward differences that are zero past the edge:
 * Σ(|dx| + |dy|), Σ√(dx² + dy²) or Σ(dx² + dy²), or its mean over H·W·C.
 * A difference counts only when neither of its pixels is ignored, and weighs as the pixel it starts from.
 */
export const totalVariation = defineLoss({
  id: 'total-variation',
  family: 'pixel',
  better: 'lower',
  summary: 'Total variation of the prediction alone: how rough it is',
  formula: 'sum(|dx| + |dy|) (anisotropic), sum(sqrt(dx^2 + dy^2)) (isotropic) or sum(dx^2 + dy^2) (squared)',
  range: "from 0, which a constant image has; a sum grows with the image's size",
  unit: 'pixel values',
  use: 'A regulariser, of the prediction alone: noise and checkerboards raise it, and so does detail. Use reduction mean for images of several sizes.',
  reference: 'Rudin, Osher, Fatemi 1992, Nonlinear total variation based noise removal algorithms',
  undefinedWhen: 'no pixel has a weight',
  inputs: {pred: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options,
  create: (given, context) => {
    const {tf} = context;
    const {mode, reduction} = given;
    const cells = ({sum, count}: VariationSum, sample: SampleViews | StoredSample) => ({
      '': cellOf(reduction === 'mean' || count === 0 ? sum / count : sum, sample),
    });
    return {
      ...tensorLoss(context, {
        columns: [{part: '', better: 'lower'}],
        view: toView(given),
        maps: MAPS[mode],
        feed: (batch) => ({
          dx: batch.fill(
            'dx',
            channelsOf(batch),
            (sample, out) =>
              forEachDifference(sample.view('pred'), sample.valid(), (_, i, dx) => {
                out[i] = dx;
              }),
            () => forwardDifference(tf, batch.tensor('pred'), batch.valid(), 2),
          ),
          dy: batch.fill(
            'dy',
            channelsOf(batch),
            (sample, out) =>
              forEachDifference(sample.view('pred'), sample.valid(), (_, i, _dx, dy) => {
                out[i] = dy;
              }),
            () => forwardDifference(tf, batch.tensor('pred'), batch.valid(), 1),
          ),
          ...weightFeed(batch.weights()),
        }),
        forward: ({dx, dy, weights}) => {
          const variation = tf.tidy(() => VARIATION[mode](tf, dx as Tensor4D, dy as Tensor4D));
          const {sum, count} = weightedSums(tf, variation, weights as Tensor4D | undefined);
          return {'': reduction === 'mean' ? tf.div(sum, count) : tf.where(tf.greater(count, 0), sum, NaN)};
        },
      }),
      fused: (sample) => cells(sumVariation(sample, mode), sample),
      stored: (sample) => cells(sumEveryVariation(sample, mode), sample),
      pixelMap: {
        shows: reduction === 'mean' ? 'variation' : 'variation, summed over channels',
        better: 'lower',
        value: ({mean, sum}) => (reduction === 'mean' ? mean : sum),
        of: (sample) => variationMap(sample, VARIATION_OF[mode], reduction),
      },
    };
  },
});

function channelsOf({samples}: Batch): number {
  return samples[0]?.view('pred').channels ?? 1;
}

/** Σ w·variation and Σ w, over pixels and channels. */
interface VariationSum {
  readonly sum: number;
  readonly count: number;
}

function sumEveryVariation(sample: SampleViews | StoredSample, mode: Mode): VariationSum {
  const view = sample.view('pred');
  return {sum: mode === 'isotropic' ? rootVariation(view) : variation(view)[SUM[mode]], count: view.data.length};
}

function sumVariation(sample: SampleViews, mode: Mode): VariationSum {
  const weights = sample.weights();
  if (!weights) return sumEveryVariation(sample, mode);
  const view = sample.view('pred');
  const variationOf = VARIATION_OF[mode];
  let sum = 0;
  let count = 0;
  forEachDifference(view, sample.valid(), (pixel, _, dx, dy) => {
    const weight = weights[pixel] as number;
    if (weight === 0) return;
    count += weight;
    sum += weight * variationOf(dx, dy);
  });
  return {sum, count};
}

const SUM = {anisotropic: 'absolute', squared: 'squared'} as const;
/** The variation that starts at each pixel: over its channels the mean, or the sum where the loss is a sum. */
function variationMap(
  sample: SampleViews,
  variationOf: (dx: number, dy: number) => number,
  reduction: 'sum' | 'mean',
): PixelMap {
  const {height, width} = sample;
  const view = sample.view('pred');
  const weights = sample.weights();
  const values = new Float64Array(height * width);
  const share = reduction === 'mean' ? 1 / view.channels : 1;
  forEachDifference(view, sample.valid(), (pixel, _, dx, dy) => {
    values[pixel] = weights?.[pixel] === 0 ? Number.NaN : (values[pixel] as number) + share * variationOf(dx, dy);
  });
  return {height, width, values, weights};
}
