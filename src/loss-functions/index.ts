/**
 * The losses as functions of tensors of TensorFlow.js, for training loops in Node and in the browser.
 *
 *     import {ssim} from 'cv-loss/losses';
 *     const loss = ssim({form: 'loss'});
 *     optimizer.minimize(() => loss(model.predict(images), targets));
 *
 * Values are those of `cv-loss eval` for float images, in float32. Tensors must be on the backend that TensorFlow.js has set.
 */
export {SampleError, UsageError} from '../errors.js';
export * from './adversarial.js';
export * from './images.js';
export * from './scores.js';
export type {
  GanLoss,
  ImageLoss,
  MakeImageLoss,
  MakePairLoss,
  MakeScoreLoss,
  OptionsOf,
  PairLoss,
  PixelRoles,
  Scored,
  UnusedByTensors,
  VectorLoss,
} from './types.js';
export * from './vectors.js';
