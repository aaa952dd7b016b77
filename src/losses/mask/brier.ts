import type {Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {sumOf} from '../../statistics/sum.js';
import {defineLoss, type LossColumn, type LossColumns} from '../contract.js';
import {scoreView} from '../pixel/scores.js';
import {meanOfMap} from '../pixel-map.js';
import type {SampleViews} from '../sample-contract.js';
import {sumPerSample, tensorLoss} from '../tensor-loss.js';
import {pixelWeightRoles} from '../view-options.js';
import {probabilityMap} from './class-maps.js';
import {maskInputs} from './mask-options.js';
import {probabilityOptions, readProbabilities} from './probability-options.js';
import {nothingWeighed, softFeeds, type WeighedMasks} from './soft-counts.js';

const COLUMNS: readonly LossColumn[] = [
  {part: '', better: 'lower'},
  {part: 'squared_error', better: 'none'},
  {part: 'pixels', better: 'none'},
];

/**
 * Brier score: the mean over valid pixels of the squared error of the probabilities, of several classes summed over them
 * (0 to 2), of a binary run (p − y)² of the foreground alone (0 to 1). `squared_error` and `pixels` are columns; the
 * aggregate `dataset` is the score of their sums.
 */
export const brier = defineLoss({
  id: 'brier',
  family: 'mask',
  better: 'lower',
  summary: 'Brier score: mean squared error of the predicted probabilities',
  formula: 'mean((p - y)^2); of several classes mean(sum over classes (p - y)^2), y one-hot',
  range: '0 to 1, of several classes to 2; 0 for certain and right',
  use: 'Quality of probabilities, calibration and sharpness in one, without the cap of cross-entropy.',
  reference:
    'Brier 1950, "Verification of forecasts expressed in terms of probability"; sklearn.metrics.brier_score_loss',
  undefinedWhen: 'no pixel is valid or has a weight',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject(probabilityOptions),
  create(options, context) {
    const {tf, classes} = context;
    const known = new WeakMap<SampleViews, WeighedMasks>();
    const weighed = (sample: SampleViews): WeighedMasks => {
      const made = known.get(sample) ?? readProbabilities(sample, options, classes);
      known.set(sample, made);
      return made;
    };
    const instance = tensorLoss(context, {
      columns: COLUMNS,
      view: scoreView(options),
      feed: (batch) => softFeeds(tf, batch, options, weighed),
      forward({probabilities, labels, weights}) {
        const errors = tf.squaredDifference(probabilities as Tensor4D, labels as Tensor4D);
        const sum = sumPerSample(tf, tf.mul(errors, weights as Tensor4D));
        const pixels = sumPerSample(tf, weights as Tensor4D);
        return {'': tf.div(sum, pixels), squared_error: sum, pixels};
      },
      undefinedReason: (batch, index) => nothingWeighed(weighed(batch.samples[index] as SampleViews)),
    });
    return {
      ...instance,
      // Probabilities and labels of every class, their errors and those weighed.
      memory: (height, width) => 4 * height * width * (6 * (classes?.length ?? 1) + 2),
      pixelMap: {
        shows: 'squared error of the probabilities',
        better: 'lower',
        value: meanOfMap,
        of: (sample) => probabilityMap(weighed(sample), (errors) => errors.reduce((sum, error) => sum + error ** 2, 0)),
      },
      fused(sample) {
        const masks = weighed(sample);
        const sum = squaredError(masks);
        const reason = nothingWeighed(masks);
        return {'': reason ? {undefined: reason} : sum / masks.total, squared_error: sum, pixels: masks.total};
      },
    };
  },
  aggregate(columns) {
    const pixels = total(columns, 'pixels');
    return {dataset: pixels > 0 ? total(columns, 'squared_error') / pixels : null};
  },
});

function squaredError({channels, read, target, weights}: WeighedMasks): number {
  const pixel = new Float64Array(channels);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    read(i, pixel);
    let error = 0;
    for (let c = 0; c < channels; c++) {
      const truth = channels === 1 ? (target[i] as number) : Number(target[i] === c);
      error += ((pixel[c] as number) - truth) ** 2;
    }
    sum += weight * error;
  }
  return sum;
}

function total(columns: LossColumns, part: string): number {
  const numbers = columns.numbers(part);
  return sumOf(numbers.length, (row) => numbers[row] as number);
}
