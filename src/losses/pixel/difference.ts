import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {LossContext, LossInstance, TensorLibrary, ViewOptions} from '../contract.js';
import {tensorLoss, weightedMean} from '../tensor-loss.js';

/** A loss that is the (weighted) mean of an elementwise function of pred − target, then perhaps a function of that mean. */
export interface DifferenceFormula {
  readonly view: ViewOptions;
  /** The error map of the difference `[n, h, w, c]`. */
  error(difference: Tensor4D, tf: TensorLibrary): Tensor4D;
}

/** Makes the instance of a mean-of-errors loss; pixels weigh by the roles `weight` and `ignore`. */
export function differenceLoss(context: LossContext, {view, error}: DifferenceFormula): LossInstance {
  const {tf} = context;
  return tensorLoss(context, {
    columns: [{part: '', better: 'lower'}],
    view,
    feed: (batch) => ({difference: batch.difference(), ...weightFeed(batch.weights())}),
    forward: ({difference, weights}) => ({
      '': weightedMean(tf, error(difference as Tensor4D, tf), weights as Tensor4D | undefined),
    }),
  });
}

/** The feed of pixel weights, absent when nothing weighs. */
export function weightFeed(weights: Tensor4D | null): {weights?: Tensor4D} {
  return weights ? {weights} : {};
}
