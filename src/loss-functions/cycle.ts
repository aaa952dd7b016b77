import * as tf from '@tensorflow/tfjs-core';
import {UsageError} from '../errors.js';
import {cycleConsistency as cycleLoss} from '../losses/adversarial/cycle-consistency.js';
import type {LossInstance} from '../losses/contract.js';
import {asBatch, viewTensor} from './image-tensor.js';
import {functionOptions} from './options.js';
import {checkRoles, checkSizes, openInstance} from './sample-function.js';
import {tensorBatch} from './tensor-batch.js';
import type {OptionsOf} from './types.js';

/** The images of both sets, each `[n, h, w, c]`, or `[h, w, c]` for one; the sets may differ in size and number. */
export interface CycleImages {
  /** Images of domain A. */
  readonly real_a: tf.Tensor;
  /** The same after the way to B and back. */
  readonly rec_a: tf.Tensor;
  /** Images of domain B. */
  readonly real_b: tf.Tensor;
  /** The same after the way to A and back. */
  readonly rec_b: tf.Tensor;
  /** What the generator to A makes of `real_a`, for the identity term. */
  readonly same_a?: tf.Tensor;
  /** What the generator to B makes of `real_b`, for the identity term. */
  readonly same_b?: tf.Tensor;
}

/** Makes the cycle consistency loss with its options: a function of the images of both sets to a scalar. */
export type CycleLoss = (options?: OptionsOf<typeof cycleLoss>) => (images: CycleImages) => tf.Scalar;

const {id: loss, inputs, optionalInputs} = cycleLoss;
const readings = {...inputs, ...optionalInputs};

/** Cycle consistency of two generators, and their identity terms where `same_a` and `same_b` are given; differentiable in all images. */
export const cycleConsistency: CycleLoss = (given = {}) => {
  if ('batch' in given)
    throw new UsageError('CVL-T003', `${loss}: unknown key 'batch': the loss is of both sets whole`);
  const {options} = functionOptions(loss, {options: cycleLoss.options}, {...given});
  const instance = openInstance(cycleLoss, options, null);
  return (images) => {
    checkRoles(loss, {...images}, inputs, readings);
    return tf.tidy(() => {
      const parts = ['a', 'b'].flatMap((set) => partsOf(set, images, instance));
      return tf.addN(parts.map((part) => tf.mean(part))) as tf.Scalar;
    });
  };
};

/** The terms of one set, `[n]` each. */
function partsOf(set: string, images: CycleImages, {view, program}: LossInstance): tf.Tensor1D[] {
  const roles = Object.entries(images).filter(([role, image]) => role.endsWith(`_${set}`) && image !== undefined);
  const dimensions = images[`real_${set}` as 'real_a'].rank === 3 ? 3 : 4;
  const batches = roles.map(
    ([role, image]) => [role, asBatch(tf, image, {loss, role, reading: 'pixels', dimensions})] as const,
  );
  checkSizes(loss, batches, readings);
  const views = batches.map(([role, image]) => [role, viewTensor(tf, image, {loss, role, reading: 'pixels', view})]);
  const feeds = program?.feed(tensorBatch(tf, Object.fromEntries(views), readings)) ?? {};
  return Object.values(program?.forward(feeds) ?? {});
}
