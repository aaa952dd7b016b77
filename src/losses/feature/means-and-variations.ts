import type {Tensor, Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import type {DistsStatistic} from '../network-contract.js';
import {sumPerSample} from '../tensor-loss.js';

/** Keeps both fractions from 0/0. */
export const EPSILON = 1e-6;

/**
 * Σ_c α_c·(μ_F − μ_A)²/(μ_F² + μ_A² + ε) + β_c·Var(F − A)/(Var F + Var A + ε), `[n]`, of maps `[n, h, w, c]`, means μ and
 * population variances over all positions; A may be one for all.
 *
 * 1 − (2·μ_F·μ_A + ε)/(μ_F² + μ_A² + ε) is the first fraction and 1 − (2·Cov + ε)/(Var F + Var A + ε) the second, which
 * lose nothing where both images are alike.
 */
export function tensorMeansAndVariations(
  tf: TensorLibrary,
  features: Tensor4D,
  other: Tensor4D,
  {alpha, beta}: Pick<DistsStatistic, 'alpha' | 'beta'>,
): Tensor1D {
  const [n, , , channels] = features.shape;
  const ofX = moments(tf, features);
  const ofY = moments(tf, other.shape[0] === n ? other : (tf.tile(other, [n, 1, 1, 1]) as Tensor4D));
  const means = tf.div(
    tf.square(tf.sub(ofX.mean, ofY.mean)),
    tf.add(tf.add(tf.square(ofX.mean), tf.square(ofY.mean)), EPSILON),
  );
  const variations = tf.div(
    tf.tidy(() => meanSquare(tf, tf.sub(ofX.centred, ofY.centred))),
    tf.add(tf.add(ofX.variance, ofY.variance), EPSILON),
  );
  const weighted = (fractions: Tensor, weights: readonly number[]) =>
    tf.mul(tf.reshape(fractions, [n, channels]), tf.tensor1d([...weights]));
  return sumPerSample(tf, tf.add(weighted(means, alpha), weighted(variations, beta)));
}

/** `[n·c, h·w]` of `[n, h, w, c]`. */
function planes(tf: TensorLibrary, maps: Tensor4D): Tensor2D {
  const [n, height, width, channels] = maps.shape;
  return tf.reshape(tf.transpose(maps, [0, 3, 1, 2]), [n * channels, height * width]) as Tensor2D;
}

/** Mean and variance of each map, `[n·c, 1]`, and the maps less their means, `[n·c, h·w]`. */
function moments(tf: TensorLibrary, maps: Tensor4D): {mean: Tensor; centred: Tensor; variance: Tensor} {
  return tf.tidy(() => {
    const rows = planes(tf, maps);
    const mean = meanOfRows(tf, rows);
    const centred = tf.sub(rows, mean);
    return {mean, centred, variance: meanSquare(tf, centred)};
  });
}

function meanSquare(tf: TensorLibrary, rows: Tensor): Tensor {
  return tf.tidy(() => meanOfRows(tf, tf.square(rows)));
}

function meanOfRows(tf: TensorLibrary, rows: Tensor): Tensor {
  const [count, length] = rows.shape as [number, number];
  return tf.tidy(() => tf.div(tf.reshape(sumPerSample(tf, rows), [count, 1]), length));
}
