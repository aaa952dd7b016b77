import type {Tensor, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import type {Space} from '../../tuples/distances.js';
import type {TensorLibrary} from '../contract.js';
import {squareRoot} from '../pixel/square-root.js';

/** Rows `[n, d]` divided by their length. */
export function unitRows(tf: TensorLibrary, rows: Tensor2D): Tensor2D {
  return tf.div(rows, tf.sqrt(tf.sum(tf.square(rows), 1, true)));
}

/** The distance of each row of x to the row of y beside it, `[n]`; differentiable, with slope 0 where an L2 distance is 0. */
export function pairDistances(tf: TensorLibrary, x: Tensor2D, y: Tensor2D, {measure, normalize}: Space): Tensor1D {
  const unit = normalize || measure === 'cosine';
  const difference: Tensor = unit ? tf.sub(unitRows(tf, x), unitRows(tf, y)) : tf.sub(x, y);
  const squared: Tensor1D = tf.sum(tf.square(difference), 1);
  if (measure === 'l2') return squareRoot(tf, squared);
  return measure === 'cosine' ? tf.div(squared, 2) : squared;
}
