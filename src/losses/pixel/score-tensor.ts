import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import type {Batch, SampleViews} from '../sample-contract.js';

/**
 * A tensor `[n, h, w, k]` where a pixel counts, 0 elsewhere, so that what is not valid has neither value nor gradient.
 * `countsOf` gives one number a pixel of a sample, 0 where it is left out.
 */
export function countedTensor(
  tf: TensorLibrary,
  batch: Batch,
  scores: Tensor4D,
  countsOf: (sample: SampleViews) => ArrayLike<number>,
): Tensor4D {
  const counted = batch.fill('counted pixels', 1, (sample, out) => {
    const counts = countsOf(sample);
    for (let i = 0; i < out.length; i++) out[i] = counts[i] === 0 ? 0 : 1;
  });
  return tf.where(tf.greater(counted, 0), scores, tf.zerosLike(scores));
}
