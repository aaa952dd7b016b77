import type {Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import {sumPerSample} from '../tensor-loss.js';

/** Added to a norm. */
const EPSILON = 1e-10;
/** The least sum of squares: a root has no slope at 0. */
const LEAST = 1e-30;

/**
 * Mean over positions of Σ_c w_c·(F_c/(‖F‖ + ε) − A_c/(‖A‖ + ε))², `[n]`, of activations `[n, h, w, c]`, ‖·‖ over the
 * channels of a position; A may be one for all. `shares` `[n, h, w, 1]`: the weight of each position, 1 in all; every
 * position alike without it.
 */
export function unitDifference(
  tf: TensorLibrary,
  features: Tensor4D,
  other: Tensor4D,
  weights: readonly number[],
  shares: Tensor4D | undefined,
): Tensor1D {
  const [, height, width] = features.shape;
  const weighted = tf.tidy(() => {
    const squares = tf.tidy(() => tf.square(tf.sub(unitLength(tf, features), unitLength(tf, other))));
    return tf.mul(squares, tf.tensor1d([...weights]));
  });
  if (!shares) return tf.div(sumPerSample(tf, weighted), height * width);
  return sumPerSample(tf, tf.mul(weighted, shares));
}

function unitLength(tf: TensorLibrary, features: Tensor4D): Tensor4D {
  const squares = tf.tidy(() => tf.sum(tf.square(features), 3, true));
  return tf.div(features, tf.add(tf.sqrt(tf.maximum(squares, LEAST)), EPSILON));
}
