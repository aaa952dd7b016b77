import * as tf from '@tensorflow/tfjs-core';
import {UsageError} from '../errors.js';
import type {DatasetLossDescriptor} from '../losses/dataset-contract.js';
import {functionOptions} from './options.js';

/** Options that only `evaluate` has a use for: which tuples a dataset holds, and what is told beside the loss. */
const UNUSED = ['tuples', 'recall_at', 'tar_at_far', 'subsets', 'subset_size', 'seed'];

/** A loss of vectors or scores, as far as a function needs it. */
export interface SetLoss extends Pick<DatasetLossDescriptor, 'id' | 'options'> {
  create(
    options: Record<string, unknown>,
    context: {readonly tf: typeof tf},
  ): Pick<ReturnType<DatasetLossDescriptor['create']>, 'program'>;
}

/**
 * Makes the function of a loss of vectors or scores, with its options: from its feeds to each of its parts, a scalar.
 * Throws UsageError for options that are wrong.
 */
export function setFunction(
  descriptor: SetLoss,
  feeds: readonly string[],
  given: object,
): (tensors: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Scalar>> {
  const {id, create} = descriptor;
  if ('batch' in given) throw new UsageError('CVL-T003', `${id}: unknown key 'batch': the loss is of the whole batch`);
  const {options} = functionOptions(id, {options: descriptor.options, unused: UNUSED}, {...given});
  const {program} = create(options, {tf});
  if (!program) throw new TypeError(`${id} is no tensor program`);
  return (tensors) => {
    for (const feed of feeds) {
      if (!(tensors[feed] instanceof tf.Tensor))
        throw new UsageError('CVL-T001', `${id}: expected a tensor as ${feed}`);
    }
    for (const name of Object.keys(tensors)) {
      if (!feeds.includes(name))
        throw new UsageError('CVL-T001', `${id}: unknown tensor '${name}', expected ${feeds.join(', ')}`);
    }
    return tf.tidy(() => program(tensors) as Record<string, tf.Scalar>);
  };
}
