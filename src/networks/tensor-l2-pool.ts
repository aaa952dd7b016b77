import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../device/device.js';
import type {NetworkOperation} from './graph.js';
import {L2_EPSILON, l2Window} from './l2-pooling.js';

/** An l2-pool of `[n, h, w, c]`: the root of each channel's weighted mean of squares. Differentiable, at 0 too. */
export function l2Pool(
  tf: TensorLibrary,
  input: Tensor4D,
  {channels, kernel, stride, padding}: Extract<NetworkOperation, {type: 'l2-pool'}>,
): Tensor4D {
  const sides: [number, number] = [padding, padding];
  const squares = tf.pad(tf.square(input), [[0, 0], sides, sides, [0, 0]]);
  const window = tf.tile(tf.tensor4d(l2Window(), [kernel, kernel, 1, 1]), [1, 1, channels, 1]);
  return tf.sqrt(tf.add(tf.depthwiseConv2d(squares, window as Tensor4D, stride, 'valid'), L2_EPSILON));
}
