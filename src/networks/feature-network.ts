import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../device/device.js';
import type {FastExecutor, FeatureComparison, FeatureTerm} from './fast-executor.js';
import type {LoadedNetwork} from './graph.js';
import {validAt} from './receptive-field.js';
import {type FeatureShape, layerShape} from './shapes.js';
import {featureMemory, tensorFeatures} from './tensor-features.js';
import type {TensorWeights} from './tensor-weights.js';
import {publishedWeights} from './weights/published.js';

/** A convolutional network whose activations a loss compares. */
export interface FeatureNetwork {
  readonly id: string;
  /** Names in the order of the network. */
  readonly layers: readonly string[];
  /** The mean squared activation of each layer on the calibration images; null where the weights bring none. */
  readonly calibration: Readonly<Record<string, number>> | null;
  /** Throws SampleError `too-small` when an image of this size gives no activation at the layer. */
  shape(layer: string, height: number, width: number): FeatureShape;
  /** Activations `[n, h', w', c]` of images `[n, h, w, 1 | 3]` with values in [0, 1], preprocessing included; differentiable. */
  features(images: Tensor4D, layers: readonly string[]): Readonly<Record<string, Tensor4D>>;
  /** 1 where no pixel in the receptive field of the layer's activation is ignored; length h'·w'. */
  validAt(layer: string, valid: Uint8Array, height: number, width: number): Uint8Array;
  /** The terms from the fast executor; null where there is none. */
  comparison(terms: readonly FeatureTerm[]): FeatureComparison | null;
  /** What a metric learnt beside this network, by name. Throws UsageError where nothing was published for it or its weights. */
  published(metric: string): Promise<Readonly<Record<string, Float32Array>>>;
  /** Bytes of activations that one image takes on the tensor device. */
  memory(layers: readonly string[], height: number, width: number): number;
}

/** A loaded network on a tensor library, with a fast executor where there is one. */
export function featureNetwork(
  tf: TensorLibrary,
  loaded: LoadedNetwork,
  weights: TensorWeights,
  fast: FastExecutor | null,
): FeatureNetwork {
  return {
    id: loaded.id,
    layers: loaded.layers,
    calibration: loaded.calibration,
    shape: (layer, height, width) => layerShape(loaded, layer, height, width),
    features: (images, layers) => tensorFeatures(tf, loaded, weights, images, layers),
    validAt: (layer, valid, height, width) => validAt(loaded.nodes, layer, valid, height, width),
    comparison: (terms) => fast?.comparison(terms) ?? null,
    published: (metric) => publishedWeights(metric, loaded),
    memory: (layers, height, width) => featureMemory(loaded, layers, height, width),
  };
}
