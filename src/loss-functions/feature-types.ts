import type {Scalar, Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';

/** Activations of a network by layer, each `[n, h, w, c]`, or `[h, w, c]` for one image. */
export type Features = Readonly<Record<string, Tensor>>;

/** A network that gives its activations: what `openNetwork` and `readNetwork` give, or one of your own. */
export interface FeatureExtractor {
  /** Activations `[n, h', w', c]` by layer, at least of the layers asked for, of images `[n, h, w, 3]` with values in [0, 1]; made by operations of TensorFlow.js, so that gradients pass. */
  features(images: Tensor4D, layers: readonly string[]): Features;
}

/** Pixels that a loss of images through a network leaves out. */
export interface IgnoredPixels {
  /** Not 0 where a pixel is left out, `[n, h, w]` or `[n, h, w, 1]`; a position counts when its receptive field holds none. A constant. */
  readonly ignore?: Tensor;
}

/** A loss of the features of a prediction and of its target. Differentiable in both; the target's may be of one image for all. */
export type FeatureLoss<Value extends Tensor = Scalar> = (prediction: Features, target: Features) => Value;

/** The same of images, `[n, h, w, 1 | 3]` or `[h, w, 1 | 3]`, which it puts through a network. Differentiable in both. */
export type NetworkLoss<Value extends Tensor = Scalar> = (
  prediction: Tensor,
  target: Tensor,
  roles?: IgnoredPixels,
) => Value;

/** Options that say which network `evaluate` opens; a function is given the network itself. */
export type NetworkOptions = 'network' | 'weights' | 'pooling' | 'net' | 'network_input';

/** Options that say how pixels are read, which features have none of. */
export type ImageOptions = 'color' | 'range' | 'crop_border';

/** Options of a loss of features: no network, and nothing of pixels. */
export type OfFeatures<Options> = Omit<Options, NetworkOptions | ImageOptions> & {readonly network?: undefined};

/** Options of a loss of images that a network sees. */
export type OfImages<Options> = Omit<Options, NetworkOptions> & {
  /** What the images are put through. */
  readonly network: FeatureExtractor;
};

/**
 * Makes a loss of features or, with a `network`, of images. `batch` as in `MakePairLoss`. Throws UsageError for options that
 * are wrong.
 */
export interface MakeFeatureLoss<Options> {
  (options: OfImages<Options> & {readonly batch?: 'mean' | 'sum'}): NetworkLoss;
  (options: OfImages<Options> & {readonly batch: 'none'}): NetworkLoss<Tensor1D>;
  (options?: OfFeatures<Options> & {readonly batch?: 'mean' | 'sum'}): FeatureLoss;
  (options: OfFeatures<Options> & {readonly batch: 'none'}): FeatureLoss<Tensor1D>;
}

/** What a prediction is compared with by `contentStyle`. */
export interface ContentAndStyle<Compared> {
  /** Whose content the prediction should have. */
  readonly content: Compared;
  /** Whose style it should have; one for all, or one each. */
  readonly style: Compared;
}

/** The loss of content and style, of features. */
export type StyleFeatureLoss<Value extends Tensor = Scalar> = (
  prediction: Features,
  others: ContentAndStyle<Features>,
) => Value;

/** The same of images, which it puts through a network. `ignore` leaves out pixels of prediction and content. */
export type StyleNetworkLoss<Value extends Tensor = Scalar> = (
  prediction: Tensor,
  others: ContentAndStyle<Tensor>,
  roles?: IgnoredPixels,
) => Value;

/** Makes the loss of content and style; of features, `gamma` is no option: add `totalVariation` of the image. */
export interface MakeStyleLoss<Options> {
  (options: OfImages<Options> & {readonly batch?: 'mean' | 'sum'}): StyleNetworkLoss;
  (options: OfImages<Options> & {readonly batch: 'none'}): StyleNetworkLoss<Tensor1D>;
  (options?: Omit<OfFeatures<Options>, 'gamma'> & {readonly batch?: 'mean' | 'sum'}): StyleFeatureLoss;
  (options: Omit<OfFeatures<Options>, 'gamma'> & {readonly batch: 'none'}): StyleFeatureLoss<Tensor1D>;
}

/** Options of `topology`: which network the masks are put through, and what the scores are. */
export type TopologyOptions<Options> = Omit<OfImages<Options>, 'input' | 'color' | 'range'> & {
  readonly input: 'probabilities' | 'logits';
};

/** Makes the loss of a mask's scores `[n, h, w, 1]` and its labels; differentiable in the scores. */
export interface MakeTopologyLoss<Options> {
  (options: TopologyOptions<Options> & {readonly batch?: 'mean' | 'sum'}): NetworkLoss;
  (options: TopologyOptions<Options> & {readonly batch: 'none'}): NetworkLoss<Tensor1D>;
}

/** What LPIPS learnt: the weights of each layer's channels, by layer. */
export interface LearntChannels {
  /** What was learnt beside the network; needed for features, and for a network that brings none. */
  readonly channel_weights?: Readonly<Record<string, ArrayLike<number>>>;
}

/** What DISTS learnt: weights of the means (`alpha`) and variations (`beta`) of each layer's channels; the layer `image` is the image itself. */
export interface LearntShares {
  /** What was learnt beside the network; needed for features, and for a network that brings none. They count over their sum. */
  readonly channel_weights?: Readonly<
    Record<string, {readonly alpha: ArrayLike<number>; readonly beta: ArrayLike<number>}>
  >;
}
