import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../device/device.js';
import type {Pooling, WeightedNetwork} from './graph.js';
import {validAt} from './receptive-field.js';
import {tensorFeatures} from './tensor-features.js';
import {TensorWeights} from './tensor-weights.js';

/** A network and its weights as functions of tensors of TensorFlow.js, for losses that compare features. */
export interface PretrainedNetwork {
  /** Its name: `vgg19`. */
  readonly id: string;
  /** The names of its layers, in order. */
  readonly layers: readonly string[];
  /** How its windows pool. */
  readonly pooling: Pooling;
  /** The mean squared activation of each layer on photographs, for `topology`; null where the weights bring none. */
  readonly calibration: Readonly<Record<string, number>> | null;
  /** What metrics learnt beside it, by metric (`lpips`, `dists`) and the name of what they learnt. */
  readonly learnt: LearntWeights;
  /**
   * Activations `[n, h', w', c]` by layer, of images `[n, h, w, 1 | 3]` with values in [0, 1]; preprocessing is included, and
   * they are differentiable in the images. Throws SampleError where an image is too small for a layer.
   */
  features(images: Tensor4D, layers: readonly string[]): Readonly<Record<string, Tensor4D>>;
  /** 1 where no pixel in the receptive field of the layer's activation is ignored; length h'·w'. */
  validAt(layer: string, valid: Uint8Array, height: number, width: number): Uint8Array;
  /** Frees the weights' tensors; those of what was computed stay. */
  dispose(): void;
}

/** What a metric learnt beside a network, by metric and name. */
export type LearntWeights = Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;

/** A loaded network as functions of tensors. */
export function pretrainedNetwork(
  tf: TensorLibrary,
  loaded: WeightedNetwork,
  learnt: LearntWeights,
): PretrainedNetwork {
  const weights = new TensorWeights(tf, loaded.weights);
  const {id, layers, pooling, calibration} = loaded;
  return {
    id,
    layers,
    pooling,
    calibration,
    learnt,
    features: (images, named) => tensorFeatures(tf, loaded, weights, images, named),
    validAt: (layer, valid, height, width) => validAt(loaded.nodes, layer, valid, height, width),
    dispose: () => weights.dispose(),
  };
}
