import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {UsageError} from '../errors.js';
import type {TensorLibrary} from '../losses/contract.js';
import type {Reading, ViewOptions} from '../losses/sample-contract.js';

/**
 * What a role was given as `[n, h, w, c]`: `[h, w, c]` is a batch of one, and maps of one channel (all but pixels and scores)
 * may come without it, as `[n, h, w]` where the prediction has four dimensions. Throws UsageError for another shape, and for
 * pixels of whole numbers, which are not in the range of the loss.
 */
export function asBatch(
  tf: TensorLibrary,
  given: Tensor,
  {loss, role, reading, dimensions}: {loss: string; role: string; reading: Reading; dimensions: number},
): Tensor4D {
  const map = isMap(reading);
  const {shape, rank, dtype} = given;
  if (rank !== dimensions && !(map && rank === dimensions - 1)) {
    const expected = dimensions === 3 ? '[h, w, c]' : '[n, h, w, c]';
    const without = map ? ` or ${dimensions === 3 ? '[h, w]' : '[n, h, w]'}` : '';
    throw new UsageError(
      'CVL-T001',
      `${loss}: expected ${role} of shape ${expected}${without}, got [${shape.join(', ')}]`,
    );
  }
  if (!map && dtype !== 'float32') {
    throw new UsageError(
      'CVL-T001',
      `${loss}: expected ${role} of float32, got ${dtype}: convert it, pixels of 8 bits as tf.div(image, 255)`,
    );
  }
  const whole = rank === dimensions ? given : tf.expandDims(given, -1);
  return (dimensions === 3 ? tf.expandDims(whole, 0) : whole) as Tensor4D;
}

/** Whether a reading is of one number a pixel, which no gradient reaches. */
export function isMap(reading: Reading): boolean {
  return reading === 'labels' || reading === 'weights' || reading === 'instances';
}

/** An image as a loss reads it: border cropped, and pixels in the loss's colour; differentiable. Throws UsageError for channels that have no such colour. */
export function viewTensor(
  tf: TensorLibrary,
  image: Tensor4D,
  {loss, role, reading, view}: {loss: string; role: string; reading: Reading; view: ViewOptions},
): Tensor4D {
  const cropped = crop(tf, image, view.cropBorder);
  const {color, range} = view;
  if (reading !== 'pixels' || color === 'rgb') return cropped;
  const channels = image.shape[3];
  if (channels !== 1 && channels !== 3) {
    throw new UsageError('CVL-T001', `${loss}: color ${color} needs 1 or 3 channels, ${role} has ${channels}`);
  }
  const [low, high] = range;
  const unit: Tensor4D = tf.div(tf.sub(cropped, low), high - low);
  const {weights, offset} = GREY[color];
  const factors = channels === 3 ? weights : [weights.reduce((sum, weight) => sum + weight, 0)];
  const grey: Tensor4D = tf.add(tf.sum(tf.mul(unit, tf.tensor1d(factors)), 3, true), offset);
  const levels = color === 'luma8' ? rounded(tf, grey) : grey;
  return tf.add(tf.mul(levels, high - low), low);
}

/** Of red, green and blue in 0..1: what each counts, and what is added. */
const GREY = {
  luma: {weights: [0.299, 0.587, 0.114], offset: 0},
  luma8: {weights: [0.2989360212937753, 0.5870430744511212, 0.1140209042551033], offset: 0},
  'ycbcr-y': {weights: [65.481 / 255, 128.553 / 255, 24.966 / 255], offset: 16 / 255},
};

function crop(tf: TensorLibrary, image: Tensor4D, border: number): Tensor4D {
  if (border === 0) return image;
  const [n, height, width, channels] = image.shape;
  const size = (length: number) => Math.max(0, length - 2 * border);
  return tf.slice(
    image,
    [0, Math.min(border, height), Math.min(border, width), 0],
    [n, size(height), size(width), channels],
  );
}

/** Whole levels of 255, whose gradient is that of the value before rounding: rounding itself has none. */
function rounded(tf: TensorLibrary, grey: Tensor4D): Tensor4D {
  return tf.customGrad((value) => ({
    value: tf.div(tf.floor(tf.add(tf.mul(value as Tensor4D, 255), 0.5)), 255),
    gradFunc: (slope) => slope as Tensor4D,
  }))(grey) as Tensor4D;
}
