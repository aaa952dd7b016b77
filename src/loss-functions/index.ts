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
export type {LearntWeights, PretrainedNetwork} from '../networks/pretrained.js';
export type {NetworkBytes} from '../networks/read-network.js';
export type {FileBytes} from '../networks/weights/safetensors-bytes.js';
export * from './adversarial.js';
export * from './cycle.js';
export type {
  ContentAndStyle,
  FeatureExtractor,
  FeatureLoss,
  Features,
  IgnoredPixels,
  ImageOptions,
  LearntChannels,
  LearntShares,
  MakeFeatureLoss,
  MakeStyleLoss,
  MakeTopologyLoss,
  NetworkLoss,
  NetworkOptions,
  OfFeatures,
  OfImages,
  StyleFeatureLoss,
  StyleNetworkLoss,
  TopologyOptions,
} from './feature-types.js';
export * from './features.js';
export * from './images.js';
export {readNetwork} from './read-network.js';
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
