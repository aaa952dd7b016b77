import type * as tfjs from '@tensorflow/tfjs-core';
import type {View} from '../kernels/view.js';

/** A model of the user's own as a network, and how it takes images; what is left out, the model says. */
export interface OwnNetwork {
  /** Absolute: an .onnx file, or the model.json of TensorFlow.js. */
  readonly model: string;
  /** `[height, width]` that images are resampled to. */
  readonly size?: readonly [number, number] | undefined;
  /** The order of its channels. */
  readonly color?: 'rgb' | 'bgr' | 'grey' | undefined;
  /** In the order of `color`, or one number for all channels. */
  readonly mean?: number | readonly number[] | undefined;
  /** What pixels are divided by, the same. */
  readonly std?: number | readonly number[] | undefined;
  /** What 0 and 1 become, before mean and std. */
  readonly range?: readonly [number, number] | undefined;
  /** Where its input has the channels. */
  readonly layout?: 'nchw' | 'nhwc' | undefined;
}

/**
 * Which network a loss wants: its name, its weights (the network's own, seeded ones for tests, or a file), its pooling; or
 * a model of the user's own, which has both (`default` and `max` here).
 */
export interface NetworkRequest {
  /** A known network's name, or a model of the user's own. */
  readonly network: string | OwnNetwork;
  /** A string is `default`, whose weights of several (`original`, `torchvision`), or a file. */
  readonly weights: 'default' | {readonly hashed: number} | string;
  /** How its windows pool; `l2` is the root of a weighted mean of squares (DISTS), in place of 2×2 pools. */
  readonly pooling: 'max' | 'average' | 'l2';
  /** `weights`: the preprocessing that the weights were trained with; `unit`: pixel values in [0, 1] as they are. */
  readonly input: 'weights' | 'unit';
}

/** A layer's activations for an image of some size. */
export interface FeatureShape {
  /** Maps of the layer. */
  readonly channels: number;
  /** Positions from top to bottom. */
  readonly height: number;
  /** Positions from left to right. */
  readonly width: number;
}

/**
 * One number of the comparison of two images at a layer, of activations F and A with channels c.
 * `difference`: mean over channels and valid positions of (F − A)².
 * `gram`: Σ_ij (G_ij/M_x − A_ij/M_y)², G = F·Fᵀ over the valid positions, M their number in each image.
 * `lpips`: mean over valid positions of Σ_c w_c·(F_c/(‖F‖ + 1e-10) − A_c/(‖A‖ + 1e-10))², ‖·‖ over the channels.
 * `dists`: Σ_c α_c·(μ_F − μ_A)²/(μ_F² + μ_A² + 1e-6) + β_c·Var(F − A)/(Var F + Var A + 1e-6), means μ and population
 * variances over all positions, which must all be valid.
 */
export type FeatureTerm =
  | {readonly layer: string; readonly statistic: 'difference' | 'gram'}
  | ({readonly layer: string} & LpipsStatistic)
  | ({readonly layer: string} & DistsStatistic);

/** The statistic of LPIPS, with the weight of each channel. */
export interface LpipsStatistic {
  /** What is computed. */
  readonly statistic: 'lpips';
  /** The weight of each channel. */
  readonly weights: readonly number[];
}

/** The statistic of DISTS, with the weights of each channel's mean and variation. */
export interface DistsStatistic {
  /** What is computed. */
  readonly statistic: 'dists';
  /** The weight of each channel's mean. */
  readonly alpha: readonly number[];
  /** The weight of each channel's variation. */
  readonly beta: readonly number[];
}

/** Two images of one sample at a network's entry. */
export interface FeaturePair {
  /** Pixel views of one or three channels, values in [0, 1]. */
  readonly x: View;
  /** The image that x is compared with; the same. */
  readonly y: View;
  /** Valid pixels of x (and of y for `difference`); null when all are. */
  readonly validX: Uint8Array | null;
  /** The same of y. */
  readonly validY: Uint8Array | null;
}

/** A network whose activations a loss compares. Losses that ask for the same one share it. */
export interface FeatureNetwork {
  /** Its name; the file of a model of the user's own. */
  readonly id: string;
  /** Names in the order of the network. */
  readonly layers: readonly string[];
  /** A constant of each layer that was computed with these weights: the mean squared activation on the calibration images; null where the weights bring none. */
  readonly calibration: Readonly<Record<string, number>> | null;
  /**
   * Of a model of the user's own: makes ready the layers that will be compared; ask in `create`, before `comparison`.
   * Throws UsageError for an output that is no map of features.
   */
  useLayers?(layers: readonly string[]): Promise<void>;
  /**
   * The shape of a layer for images of this size; of a model of the user's own, once one of them was compared.
   * Throws SampleError `too-small` when an image of this size gives no activation at the layer.
   */
  shape(layer: string, height: number, width: number): FeatureShape;
  /**
   * 1 where no pixel in the receptive field of the layer's activation is ignored; length h'·w'.
   * Throws SampleError `ignore` where a model of the user's own does not say what a layer sees.
   */
  validAt(layer: string, valid: Uint8Array, height: number, width: number): Uint8Array;
  /**
   * The terms from the fast executor, float64 sums; null where there is none (the tensor program is used then). Ask
   * once, in `create`: terms asked for by several losses are computed in one pass over the network.
   */
  comparison(terms: readonly FeatureTerm[]): FeatureComparison | null;
  /**
   * What a metric learnt beside this network and was published with it, by name: `lpips` the weights of each layer's
   * channels (`relu1`), `dists` α and β (`relu1_2.alpha`; `image` is the image itself). Throws UsageError where nothing
   * was published for this network, or for weights of another preprocessing than its own.
   */
  published(metric: string): Promise<Readonly<Record<string, Float32Array>>>;
}

/** A network that the tensor library can run too, as any but a model of the user's own. */
export interface TensorNetwork extends FeatureNetwork {
  /** Activations `[n, h', w', c]` of images `[n, h, w, 1 | 3]` with values in [0, 1], preprocessing included; differentiable. */
  features(images: tfjs.Tensor4D, layers: readonly string[]): Readonly<Record<string, tfjs.Tensor4D>>;
  /** Bytes of activations that one image takes on the tensor device. */
  memory(layers: readonly string[], height: number, width: number): number;
}

/** Whether the tensor library can run a network. */
export function isTensorNetwork(network: FeatureNetwork): network is TensorNetwork {
  return 'features' in network;
}

/** Compares two images in a network's features. A view that comes again (one style for all samples) is computed once. */
export interface FeatureComparison {
  /** One number for each term, in their order; NaN where no position is valid. */
  compare(pair: FeaturePair): Promise<readonly number[]>;
  /**
   * Each term at every position of its layer, h'·w', before the mean over the positions that count; null for a term that
   * is no such mean (`gram`, `dists`).
   */
  maps(pair: FeaturePair): Promise<readonly (Float64Array | null)[]>;
}
