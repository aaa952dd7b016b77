import type {Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import {differenceSums} from '../../kernels/differences.js';
import type {LossContext, LossInstance, TensorLibrary} from '../contract.js';
import type {SampleViews, StoredSample, ViewOptions} from '../sample-contract.js';
import {cellOf, tensorLoss, weightedMean} from '../tensor-loss.js';
import {errorMap} from './error-map.js';

/** A loss that is the (weighted) mean of an elementwise function of pred − target, then perhaps a function of that mean. */
export interface DifferenceFormula {
  /** How its images are read. */
  readonly view: ViewOptions;
  /** The error map of the difference `[n, h, w, c]`. */
  error(difference: Tensor4D, tf: TensorLibrary): Tensor4D;
  /** The same formula for the fused form, in float64. */
  readonly fusedError: FusedError;
  /** What its map shows: `squared error`; `error` unless the loss says. */
  readonly shows?: string;
  /** The value from the mean error `[n]`, where it is not the mean itself. */
  final?(mean: Tensor1D, tf: TensorLibrary): Tensor1D;
  /** The same in float64. */
  finalOf?(mean: number): number;
  /** Float32 maps of the image's size that live at once in `error`, its result included; 1 unless the loss says otherwise. */
  readonly maps?: number;
}

/** The error of a difference, in float64: |d|, d² or another even function of d. */
export type FusedError = 'absolute' | 'squared' | ((difference: number) => number);

/** Maps beside those of `error`: the difference, weights, the weighted errors and what selects and pads them. */
const MAPS_OF_MEAN = 7;

/** Makes the instance of a mean-of-errors loss; pixels weigh by the roles `weight` and `ignore`. */
export function differenceLoss(context: LossContext, formula: DifferenceFormula): LossInstance {
  const {tf} = context;
  const {view, error, fusedError, shows = 'error'} = formula;
  const {final = (mean) => mean, finalOf = (mean) => mean, maps = 1} = formula;
  const cells = ({sum, count}: ErrorSum, sample: SampleViews | StoredSample) => ({
    '': cellOf(finalOf(sum / count), sample),
  });
  return {
    ...tensorLoss(context, {
      columns: [{part: '', better: 'lower'}],
      view,
      maps: maps + MAPS_OF_MEAN,
      feed: (batch) => ({difference: batch.difference(), ...weightFeed(batch.weights())}),
      forward: ({difference, weights}) => {
        const errors = tf.tidy(() => error(difference as Tensor4D, tf));
        return {'': final(weightedMean(tf, errors, weights as Tensor4D | undefined), tf)};
      },
    }),
    fused: (sample) => cells(sumErrors(sample, fusedError), sample),
    stored: (sample) => cells(sumEveryError(sample, fusedError), sample),
    pixelMap: {
      shows,
      better: 'lower',
      value: ({mean}) => finalOf(mean),
      of: (sample) => errorMap(sample, numberOf(fusedError)),
    },
  };
}

/** The feed of pixel weights, absent when nothing weighs. */
export function weightFeed(weights: Tensor4D | null): {weights?: Tensor4D} {
  return weights ? {weights} : {};
}

/** Over pixels and channels, in float64: Σ w·e(pred − target), and c·Σ w (w is 1 without weights). */
export interface ErrorSum {
  readonly sum: number;
  readonly count: number;
}

/** The sums of a sample. A pixel of weight 0 is left out whatever its error, NaN included. */
export function sumErrors(sample: SampleViews, error: FusedError): ErrorSum {
  const weights = sample.weights();
  return weights ? weightedErrors(sample, weights, error) : sumEveryError(sample, error);
}

/** The same of a sample without weights. The losses of a run share one pass. */
export function sumEveryError(sample: SampleViews | StoredSample, error: FusedError): ErrorSum {
  const [pred, target] = [sample.view('pred'), sample.view('target')];
  const sums = differenceSums(pred, target);
  return {sum: typeof error === 'string' ? sums[error] : sums.of(error), count: pred.data.length};
}

const ERRORS = {absolute: Math.abs, squared: (difference: number) => difference ** 2};

function numberOf(error: FusedError): (difference: number) => number {
  return typeof error === 'string' ? ERRORS[error] : error;
}

function weightedErrors(sample: SampleViews, weights: Float32Array, error: FusedError) {
  const {data: x, scale: xScale, offset: xOffset, channels} = sample.view('pred');
  const {data: y, scale: yScale, offset: yOffset} = sample.view('target');
  const errorOf = numberOf(error);
  let sum = 0;
  let total = 0;
  for (let p = 0; p < weights.length; p++) {
    const weight = weights[p] as number;
    if (weight === 0) continue;
    total += weight;
    let errors = 0;
    for (let i = p * channels; i < (p + 1) * channels; i++) {
      errors += errorOf((x[i] as number) * xScale + xOffset - ((y[i] as number) * yScale + yOffset));
    }
    sum += weight * errors;
  }
  return {sum, count: channels * total};
}
