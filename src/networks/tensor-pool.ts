import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../device/device.js';
import type {NetworkOperation} from './graph.js';
import {outputSide} from './shapes.js';

const LOWEST = -3.4028234663852886e38;

/**
 * A pool of `[n, h, w, c]`, over real values only where a window of ceil mode hangs over the edge. tfjs's backends
 * disagree on pools that pad (and on their gradients), so what hangs over is made of values that cannot win: the lowest
 * float32 for a maximum, zeros for a mean, which is then divided by the number of real values.
 */
export function pool(
  tf: TensorLibrary,
  input: Tensor4D,
  operation: Extract<NetworkOperation, {type: 'pool'}>,
  pooling: 'max' | 'average',
): Tensor4D {
  const {kernel, stride} = operation;
  const [, height, width] = input.shape;
  const over = [height, width].map((side) => {
    const missing = (outputSide(operation, side) - 1) * stride + kernel - side;
    return [0, Math.max(0, missing)] as [number, number];
  }) as [[number, number], [number, number]];
  const isWhole = over.every(([, after]) => after === 0);
  const fill = pooling === 'max' ? LOWEST : 0;
  const padded = isWhole ? input : tf.pad(input, [[0, 0], ...over, [0, 0]], fill);
  if (pooling === 'max') return tf.maxPool(padded, kernel, stride, 'valid');
  const mean = tf.avgPool(padded, kernel, stride, 'valid');
  if (isWhole) return mean;
  const rows = windowShares(operation, height);
  const columns = windowShares(operation, width);
  const shares = tf.tensor4d(
    rows.flatMap((row) => columns.map((column) => 1 / (row * column))),
    [1, rows.length, columns.length, 1],
  );
  return tf.mul(mean, shares);
}

/** The part of each window along one side that holds real values. */
function windowShares(operation: Extract<NetworkOperation, {type: 'pool'}>, side: number): number[] {
  const {kernel, stride} = operation;
  return Array.from({length: outputSide(operation, side)}, (_, i) => Math.min(kernel, side - i * stride) / kernel);
}
