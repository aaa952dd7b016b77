import type {Scalar, Tensor, Tensor1D} from '@tensorflow/tfjs-core';
import type * as z from 'zod';

/** Maps beside prediction and target; each `[n, h, w]`, `[n, h, w, 1]`, or without n as the prediction is. Constants: no gradient flows to them. */
export interface PixelRoles {
  /** What a pixel counts; finite numbers of at least 0. */
  readonly weight?: Tensor;
  /** Not 0 where a pixel is left out. */
  readonly ignore?: Tensor;
  /** The id of each pixel's object, for the border weights of `weightedCrossEntropy`. */
  readonly instances?: Tensor;
}

/**
 * A loss of a prediction and its target, each `[n, h, w, c]`, or `[h, w, c]` for one. Differentiable in the prediction.
 * The tensor it gives is the caller's to dispose (or a `tf.tidy`'s).
 */
export type PairLoss<Value extends Tensor = Scalar> = (prediction: Tensor, target: Tensor, roles?: PixelRoles) => Value;

/** A loss of one image alone, `[n, h, w, c]`, or `[h, w, c]` for one; differentiable in it. */
export type ImageLoss<Value extends Tensor = Scalar> = (image: Tensor, roles?: PixelRoles) => Value;

/** The options of a loss, as a config writes them. `Left` are those that a function of tensors has no use for. */
export type OptionsOf<Loss extends {readonly options: z.ZodObject}, Left extends string = never> = Omit<
  z.input<Loss['options']>,
  Left
>;

/** Makes a loss with its options. `batch` says how the values of a batch become one: their mean (default), their sum, or `none`, one value each. Throws UsageError for options that are wrong. */
export interface MakePairLoss<Options> {
  (options?: Options & {readonly batch?: 'mean' | 'sum'}): PairLoss;
  (options: Options & {readonly batch: 'none'}): PairLoss<Tensor1D>;
}

/** The same of one image. */
export interface MakeImageLoss<Options> {
  (options?: Options & {readonly batch?: 'mean' | 'sum'}): ImageLoss;
  (options: Options & {readonly batch: 'none'}): ImageLoss<Tensor1D>;
}

/** The same where an option has no default: scores say whether they are probabilities or logits. */
export interface MakeScoreLoss<Options> {
  (options: Scored<Options> & {readonly batch?: 'mean' | 'sum'}): PairLoss;
  (options: Scored<Options> & {readonly batch: 'none'}): PairLoss<Tensor1D>;
}

/** Options that say what the prediction holds. */
export type Scored<Options> = Omit<Options, 'input'> & {readonly input: 'probabilities' | 'logits'};

/** Options of losses of vectors that only `evaluate` has a use for. */
export type UnusedByTensors = 'tuples' | 'recall_at' | 'tar_at_far' | 'subsets' | 'subset_size' | 'seed';

/** Makes a loss of vectors with its options: a function of its tensors, by name, to the mean over what they hold; differentiable in all but labels. */
export type VectorLoss<Options, Feeds extends string> = (
  options?: Options,
) => (tensors: Readonly<Record<Feeds, Tensor>>) => Scalar;

/** Makes the objectives of a GAN with their options: a function of the raw scores of real and generated items, `[n]` or `[n, patches]`. */
export type GanLoss<Options, Judge extends string> = (
  options?: Options,
) => (scores: Readonly<Record<'real' | 'fake', Tensor>>) => Readonly<Record<Judge | 'generator', Scalar>>;
