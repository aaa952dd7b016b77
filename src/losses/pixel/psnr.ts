import type {Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {defineLoss, type LossColumn} from '../contract.js';
import type {SampleViews, StoredSample} from '../sample-contract.js';
import {cellOf, tensorLoss, weightedSums} from '../tensor-loss.js';
import {dataRange, pixelWeightRoles, toView, viewOptions} from '../view-options.js';
import {type ErrorSum, sumErrors, sumEveryError, weightFeed} from './difference.js';
import {errorMap} from './error-map.js';

const COLUMNS: readonly LossColumn[] = [
  {part: '', better: 'higher'},
  {part: 'squared_error', better: 'none'},
  {part: 'count', better: 'none'},
];

/** 10·log10(R² · count / Σ squared error): +Infinity where nothing differs, NaN where nothing counts. */
function decibels(range: number, squaredError: number, count: number): number {
  return 10 * Math.log10((range ** 2 * count) / squaredError);
}

/**
 * Peak signal-to-noise ratio: 10·log10(R²/mse) dB, R the width of `range`; no epsilon, so that identical images
 * give +Infinity. `squared_error` (Σ w·d²) and `count` (c·Σ w) are columns, and the aggregate `dataset` is the
 * PSNR of their sums.
 */
export const psnr = defineLoss({
  id: 'psnr',
  family: 'pixel',
  better: 'higher',
  summary: 'Peak signal-to-noise ratio in dB; identical images give infinity',
  formula: '10 log10(R^2 / mean((pred - target)^2)), R the width of range',
  range: 'any number, infinite for identical images; 20 to 50 is usual for 8 bits',
  unit: 'dB',
  use: 'The number that restoration, super-resolution and compression papers report. Say `color` and `crop_border` as the paper does; compare values of the same protocol alone. A tenth of a dB is a difference in those papers.',
  reference: 'ITU-T J.340; skimage.metrics.peak_signal_noise_ratio',
  undefinedWhen: 'no pixel has a weight',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: 'none',
  options: z.strictObject(viewOptions),
  create: (options, context) => {
    const {tf} = context;
    const range = dataRange(options);
    const cells = ({sum, count}: ErrorSum, sample: SampleViews | StoredSample) => ({
      '': cellOf(decibels(range, sum, count), sample),
      squared_error: sum,
      count,
    });
    return {
      ...tensorLoss(context, {
        columns: COLUMNS,
        view: toView(options),
        feed: (batch) => ({difference: batch.difference(), ...weightFeed(batch.weights())}),
        forward: ({difference, weights}) => {
          const {sum, count} = weightedSums(tf, tf.square(difference as Tensor4D), weights as Tensor4D | undefined);
          const ratio = tf.div(tf.mul(count, range ** 2), sum);
          return {'': tf.mul(tf.log(ratio), 10 / Math.LN10), squared_error: sum, count};
        },
      }),
      fused: (sample) => cells(sumErrors(sample, 'squared'), sample),
      stored: (sample) => cells(sumEveryError(sample, 'squared'), sample),
      pixelMap: {
        shows: 'squared error',
        better: 'lower',
        value: ({mean}) => decibels(range, mean, 1),
        of: (sample) => errorMap(sample, (difference) => difference ** 2),
      },
    };
  },
  aggregate: (columns, options) => {
    const squaredErrors = columns.column('squared_error');
    if (squaredErrors.length === 0) return {dataset: null};
    const add = (sum: number, value: number) => sum + value;
    const dataset = decibels(dataRange(options), squaredErrors.reduce(add, 0), columns.column('count').reduce(add, 0));
    return {dataset};
  },
});
