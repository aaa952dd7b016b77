import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import type {ImageTensors} from './ssim-maps.js';

/**
 * Shrinks images by `factor`: each coarse pixel is the mean of the valid pixels of its box, Σ m·x / Σ m, valid where
 * any of them is, and weighs their mean weight. Rows and columns that fill no box are dropped.
 * Expects 0 in images and weights where a pixel is not valid.
 */
export function boxPool(tf: TensorLibrary, images: ImageTensors, factor: number): ImageTensors {
  if (factor === 1) return images;
  const {pred, target, weights, valid} = images;
  const pool = (map: Tensor4D) => tf.avgPool(map, factor, factor, 'valid');
  const share = valid && pool(valid);
  const mean = (map: Tensor4D) => (share ? tf.div<Tensor4D>(pool(map), tf.maximum(share, 1e-6)) : pool(map));
  return {
    pred: mean(pred),
    target: mean(target),
    weights: weights && mean(weights),
    valid: share && (tf.step(share) as Tensor4D),
  };
}

/** Halves images by 2×2 means; an odd side repeats its last row or column first. */
export function halve(tf: TensorLibrary, images: ImageTensors): ImageTensors {
  const even = (map: Tensor4D | undefined) => map && repeatLast(tf, repeatLast(tf, map, 1), 2);
  const {pred, target, weights, valid} = images;
  return boxPool(
    tf,
    {
      pred: even(pred) as Tensor4D,
      target: even(target) as Tensor4D,
      weights: even(weights),
      valid: even(valid),
    },
    2,
  );
}

function repeatLast(tf: TensorLibrary, map: Tensor4D, axis: 1 | 2): Tensor4D {
  const length = map.shape[axis];
  if (length % 2 === 0) return map;
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  begin[axis] = length - 1;
  const size: [number, number, number, number] = [...map.shape];
  size[axis] = 1;
  return tf.concat([map, tf.slice(map, begin, size)], axis);
}
