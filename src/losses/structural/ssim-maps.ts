import type {Tensor4D} from '@tensorflow/tfjs-core';
import {gaussianWindow} from '../../kernels/gaussian-window.js';
import {type SsimConstants, WINDOW_SIGMA, WINDOW_SIZE} from '../../kernels/ssim-windows.js';
import type {TensorLibrary} from '../contract.js';
import type {Batch} from '../sample-contract.js';

/** Two images `[n, h, w, c]` and which of their pixels count, `[n, h, w, 1]` each. */
export interface ImageTensors {
  readonly pred: Tensor4D;
  readonly target: Tensor4D;
  readonly weights?: Tensor4D | undefined;
  readonly valid?: Tensor4D | undefined;
}

/** The tensors of a batch under those names; `weights` and `valid` only where a role supplies them. */
export function imageFeed(batch: Batch): Record<string, Tensor4D> {
  const weights = batch.weights();
  const valid = batch.valid();
  return {
    pred: batch.tensor('pred'),
    target: batch.tensor('target'),
    ...(weights && {weights}),
    ...(valid && {valid}),
  };
}

/** Subtracts `centre` from both images and sets what is not valid to 0. */
export function centred(tf: TensorLibrary, images: ImageTensors, centre: number): ImageTensors {
  const {pred, target, valid} = images;
  const shift = (image: Tensor4D): Tensor4D => {
    const shifted = tf.sub(image, centre) as Tensor4D;
    return valid ? tf.where(tf.greater(valid, 0), shifted, tf.zerosLike(shifted)) : shifted;
  };
  return {...images, pred: shift(pred), target: shift(target)};
}

/**
 * SSIM and its contrast-structure term for every window inside the images, `[n, h − 10, w − 10, c]`
 * (Wang 2004, equations 12 to 14, with population moments), from {@link centred} images:
 *
 *     luminance = 1 − (μx − μy)² / (μx² + μy² + c1)
 *     contrast  = 1 − var(x − y) / (σx² + σy² + c2)
 *
 * Moments about the middle of the range keep the cancellation in σ² = E[x²] − μ² small in float32, and (x − y)² in
 * place of xy makes identical images exactly 1. With a mask the moments are a normalised convolution.
 */
export function ssimMaps(
  tf: TensorLibrary,
  {pred, target, valid}: ImageTensors,
  {c1, c2, centre}: SsimConstants,
): {ssim: Tensor4D; contrast: Tensor4D} {
  return tf.tidy(() => {
    const moments = tf.tidy(() => {
      const both = tf.add(tf.square(pred), tf.square(target));
      const maps = tf.concat([pred, target, both, tf.squaredDifference(pred, target)] as Tensor4D[], 3);
      const sums = filter(tf, maps);
      return valid ? tf.div<Tensor4D>(sums, tf.maximum(filter(tf, valid), 1e-6)) : sums;
    });
    const [x, y, both, unlike] = tf.split(moments, 4, 3) as [Tensor4D, Tensor4D, Tensor4D, Tensor4D];
    const squared = tf.squaredDifference(x, y);
    const means = tf.add(tf.square(tf.add(x, centre)), tf.square(tf.add(y, centre)));
    const luminance = tf.sub(1, tf.div(squared, tf.add(means, c1)));
    const variances = tf.sub(both, tf.add(tf.square(x), tf.square(y)));
    const contrast = tf.sub(1, tf.div(tf.sub(unlike, squared), tf.add(variances, c2))) as Tensor4D;
    return {ssim: tf.mul<Tensor4D>(luminance, contrast), contrast};
  });
}

/** The weights of the windows' centres, `[n, h − 10, w − 10, 1]`. */
export function centreWeights(tf: TensorLibrary, weights: Tensor4D): Tensor4D {
  const [n, height, width] = weights.shape;
  const half = (WINDOW_SIZE - 1) / 2;
  return tf.slice(weights, [0, half, half, 0], [n, height - 2 * half, width - 2 * half, 1]);
}

/** The Gaussian window over every channel, down and then across. */
function filter(tf: TensorLibrary, maps: Tensor4D): Tensor4D {
  return tf.tidy(() => {
    const channels = maps.shape[3];
    const taps = gaussianWindow(WINDOW_SIZE, WINDOW_SIGMA);
    const values = Array.from(taps).flatMap((tap) => Array<number>(channels).fill(tap));
    const down = tf.tensor4d(values, [WINDOW_SIZE, 1, channels, 1]);
    const across = tf.tensor4d(values, [1, WINDOW_SIZE, channels, 1]);
    return tf.depthwiseConv2d(tf.depthwiseConv2d(maps, down, 1, 'valid'), across, 1, 'valid');
  });
}
