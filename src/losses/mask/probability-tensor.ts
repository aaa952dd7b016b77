import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import {countedTensor} from '../pixel/score-tensor.js';
import type {ScoreInput} from '../pixel/scores.js';
import type {Batch, SampleViews} from '../sample-contract.js';

/**
 * The prediction as probabilities `[n, h, w, k]` (sigmoid of logits, softmax of several channels), 0 where `countsOf` leaves a
 * pixel out: what `softMasks` reads, differentiable. Only these channels, where they are named.
 */
export function probabilityTensor(
  tf: TensorLibrary,
  batch: Batch,
  {input}: {readonly input: ScoreInput},
  countsOf: (sample: SampleViews) => ArrayLike<number>,
  channels?: readonly {readonly channel: number}[],
): Tensor4D {
  const scores = countedTensor(tf, batch, batch.tensor('pred'), countsOf);
  const activated: Tensor4D =
    input !== 'logits' ? scores : scores.shape[3] === 1 ? tf.sigmoid(scores) : tf.softmax(scores);
  const chosen: Tensor4D =
    channels && channels.length < activated.shape[3]
      ? tf.gather(
          activated,
          channels.map(({channel}) => channel),
          3,
        )
      : activated;
  return countedTensor(tf, batch, chosen, countsOf);
}
