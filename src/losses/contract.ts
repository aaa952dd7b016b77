import type * as tfjs from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type {Elements} from '../kernels/elements.js';
import type {View} from '../kernels/view.js';
import type {Cell, Direction} from '../rows/row.js';
import type {LossMap} from './pixel-map.js';

/** The tensor library that the run's device supplies; loss files import its types only. */
export type TensorLibrary = typeof tfjs;

/**
 * How a role's file is read. `pixels`: integers divided by their type's maximum, floats as they are.
 * `scores`: the same, no colour conversion. `labels` and `instances`: ids, never scaled, palette indices for
 * palette PNGs. `weights`: as pixels, one channel. `mask`: ids where the file holds one integer a pixel (read as labels;
 * `scale` makes a probability of it), else scores.
 */
export type Reading = 'pixels' | 'labels' | 'scores' | 'instances' | 'weights' | 'mask';

/** What a loss does to its images before its formula; the run applies it, and losses with the same view share the work. */
export interface ViewOptions {
  /** `rgb`: as stored; else a luminance, of which kind `docs/losses.md` says. */
  readonly color: 'rgb' | 'luma' | 'luma8' | 'ycbcr-y';
  /** The interval that an integer file's 0 and maximum are mapped to. */
  readonly range: readonly [number, number];
  /** Pixels cut off at each side, of every role. */
  readonly cropBorder: number;
}

/** One sample as a loss sees it. */
export interface SampleViews {
  /** Its key in reports. */
  readonly key: string;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** Whether it has an image of that role. */
  has(role: string): boolean;
  /** The role's image under the loss's reading and view. Throws SampleError when it cannot be read so. */
  view(role: string): View;
  /** The role's image resampled (antialiased) to height × width of the sample; the view itself where it has that size. */
  resized(role: string): View;
  /** `weight` of every pixel, 0 where `ignore` is set; null when neither role is supplied. Length h·w. */
  weights(): Float32Array | null;
  /** 1 where `ignore` is not set; null when the role is not supplied. Length h·w. */
  valid(): Uint8Array | null;
}

/**
 * A sample whose images memory does not hold: their elements are read a stretch at a time, from top to bottom as often as
 * is needed. Every pixel counts, and alike.
 */
export interface StoredSample extends Pick<SampleViews, 'key' | 'height' | 'width' | 'has'> {
  view(role: string): View<Elements>;
  weights(): null;
  valid(): null;
}

/** Samples of equal shape. Tensors are float32, made on first use and disposed by the run. */
export interface Batch {
  /** Its samples, in the order of the tensors' first dimension. */
  readonly samples: readonly SampleViews[];
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** Whether the samples have an image of that role. */
  has(role: string): boolean;
  /** `[n, h, w, c]` of a role. */
  tensor(role: string): tfjs.Tensor4D;
  /** pred − target as `[n, h, w, c]`, subtracted in float64 and rounded once (16-bit neighbours differ by less than float32 resolves near 1). */
  difference(): tfjs.Tensor4D;
  /** `[n, h, w, 1]` of `SampleViews.weights`; null when no role supplies them. */
  weights(): tfjs.Tensor4D | null;
  /** `[n, h, w, 1]` of `SampleViews.valid`; null when the role is not supplied. */
  valid(): tfjs.Tensor4D | null;
  /**
   * A tensor of the loss's own, `[n, h, w, channels]`, filled sample by sample; kept under `name` for the batch.
   * `through` makes the same of the tensors of its roles, differentiable; a batch of tensors takes that in place of `fill`.
   */
  fill(
    name: string,
    channels: number,
    fill: (sample: SampleViews, out: Float32Array) => void,
    through?: () => tfjs.Tensor4D,
  ): tfjs.Tensor4D;
}

/** The classes of a multi-class run; channel c of scores and class index c are `list[c]`. */
export interface ClassName {
  /** The id in label maps. */
  readonly id: number;
  /** As columns and reports call it. */
  readonly name: string;
}

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

/** The machine and the run, as far as a loss may know them. */
export interface LossContext {
  /** The tensor library, on the run's device. */
  readonly tf: TensorLibrary;
  /** Throws UsageError for a network that is not known and for weights that are missing or wrong. */
  network(request: NetworkRequest): Promise<FeatureNetwork>;
  /** The run's classes, by ascending id; null for a binary run. Decided once for the run. */
  readonly classes: readonly ClassName[] | null;
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal;
}

/** A loss's values for a batch: per column part (`''` for the loss itself), one cell per sample, in order. */
export type BatchCells = Readonly<Record<string, readonly Cell[]>>;

/** A column of a loss: `part` is `''` for the loss's own value, else the name after the dot. */
export interface LossColumn {
  /** `''` for the loss itself, else the name after the dot. */
  readonly part: string;
  /** Which values are better; `none` where neither is. */
  readonly better: Direction;
}

/** Every sample of the run, before sharding, for losses with a first pass. */
export interface Dataset {
  /** The views of one role after another; samples that cannot be read are left out (their rows fail later). */
  views(role: string): AsyncIterable<View>;
}

/** A loss made ready with its options. */
export interface LossInstance {
  /** Its columns, in the order of reports. */
  readonly columns: readonly LossColumn[];
  /** How its images are read. */
  readonly view: ViewOptions;
  /** Bytes of tensor memory that one sample of this shape takes in `perSample`. */
  memory(height: number, width: number, channels: number): number;
  /** A first pass over the dataset; what it returns is plain JSON, recorded in the report. */
  prepare?(dataset: Dataset): Promise<unknown>;
  /** Takes what `prepare` of another instance with the same options returned, in its place. */
  restore?(prepared: unknown): void;
  /** The cells of a batch, in the order of its samples. */
  perSample(batch: Batch): Promise<BatchCells>;
  /** The same values from typed arrays in float64: what runs on the CPU where it exists. One sample, one cell per part. */
  fused?(sample: SampleViews): Readonly<Record<string, Cell>>;
  /**
   * The bits of `fused` from images that memory does not hold, in memory that does not grow with them. Where it is left
   * out the loss needs its images whole.
   */
  stored?(sample: StoredSample): Readonly<Record<string, Cell>>;
  /**
   * The same values through `FeatureNetwork.comparison`: what runs on the CPU where it exists. One sample, one cell per
   * part. Where the network is a model of the user's own, `perSample` is this sample by sample.
   */
  viaNetwork?(sample: SampleViews): Promise<Readonly<Record<string, Cell>>>;
  /** The tensor program inside `perSample`, for gradients: feeds made from a batch, and the function of them. */
  readonly program?: TensorProgram;
  /** How the loss is drawn over the image; left out where it has no value at a pixel. */
  readonly pixelMap?: LossMap;
  /** Frees what it holds; it is of no use afterwards. */
  dispose?(): void;
}

/** A loss as a tensor program. */
export interface TensorProgram {
  /** The tensors the formula takes, by name. May throw SampleError for labels or scores that make no sense. */
  feed(batch: Batch): Record<string, tfjs.Tensor>;
  /** One `[n]` tensor per column part. Pure tfjs ops, so it is differentiable in every feed. */
  forward(feeds: Record<string, tfjs.Tensor>): Record<string, tfjs.Tensor1D>;
}

/** What a loss says of itself, whatever its data; config schema, `cv-loss losses` and the docs are derived from it. */
export interface LossFacts<Options extends z.ZodObject = z.ZodObject> {
  /** As configs and columns name it: `[a-z0-9_-]+`. */
  readonly id: string;
  /** The group that lists and docs show it in. */
  readonly family: string;
  /** Which values are better, for all options or by them. */
  readonly better: Direction | ((options: z.output<Options>) => Direction);
  /** What it is, in a line. */
  readonly summary: string;
  /** How it is computed, in a line. */
  readonly formula: string;
  /** Which values there are, and which a perfect prediction has. Every built-in loss says it, and the next two. */
  readonly range?: string;
  /** What a value is measured in; left out for a plain number. */
  readonly unit?: string;
  /** When to choose it, and how it misleads. */
  readonly use?: string;
  /** Paper or standard. */
  readonly reference: string;
  /** When a value does not exist; shown in the docs. */
  readonly undefinedWhen: string;
  /** `z.strictObject`; every option has a default and a description. */
  readonly options: Options;
}

/** A loss of samples: what it says of itself, the roles it reads, and how it is made. */
export interface LossDescriptor<Options extends z.ZodObject = z.ZodObject> extends LossFacts<Options> {
  /** The task that pairs its inputs, where that is not the pairing of predictions with targets. */
  readonly task?: 'cycle';
  /** The roles that it needs, and how each is read. */
  readonly inputs: Readonly<Record<string, Reading>>;
  /** The roles that it can use beside them. */
  readonly optionalInputs?: Readonly<Record<string, Reading>>;
  /** Optional roles of which one at least must be given: `[['style', 'target']]`. */
  readonly oneOf?: readonly (readonly string[])[];
  /** The value as a part of a weighted total: the loss itself, `1 − x`, or none (a weight is then a config error). */
  readonly objective:
    | 'itself'
    | 'one-minus'
    | 'none'
    | ((options: z.output<Options>) => 'itself' | 'one-minus' | 'none');
  /** Makes the loss ready with its options, before any sample is read. Throws UsageError for what cannot be computed. */
  create(options: z.output<Options>, context: LossContext): Promise<LossInstance> | LossInstance;
  /** Aggregates beyond the usual statistics, from the loss's columns only: `column(part)` gives that part's finite-or-infinite numbers in key order. May override `value`. */
  aggregate?(columns: LossColumns, options: z.output<Options>): Readonly<Record<string, unknown>>;
}

/** The numbers of a loss's columns, in key order. */
export interface LossColumns {
  /** The loss's parts, in the order of its columns. */
  readonly parts: readonly string[];
  /** A part's numbers, row by row; rows where any cell of the loss is no number are left out as a whole. */
  column(part: string): readonly number[];
  /** A part's numbers in every row that has one there, whatever the other cells are (counts beside an undefined value). */
  numbers(part: string): readonly number[];
  /** The keys of the rows of `numbers(part)`. */
  keys(part: string): readonly string[];
}

/** A descriptor that knows the type of its options. */
export type DefinedLoss<Options extends z.ZodObject> = Omit<LossDescriptor, 'options'> & {readonly options: Options};

/** Types a descriptor by its options; the registry holds the result. */
export function defineLoss<Options extends z.ZodObject>(descriptor: LossDescriptor<Options>): DefinedLoss<Options> {
  return descriptor as unknown as DefinedLoss<Options>;
}
