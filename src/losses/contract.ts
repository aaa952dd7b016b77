import type * as tfjs from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type {View} from '../kernels/view.js';
import type {Cell, Direction} from '../rows/row.js';
import type {FeatureNetwork, NetworkRequest} from './network-contract.js';
import type {LossMap} from './pixel-map.js';
import type {Batch, Reading, SampleViews, StoredSample, ViewOptions} from './sample-contract.js';

/** The tensor library that the run's device supplies; loss files import its types only. */
export type TensorLibrary = typeof tfjs;

/** The classes of a multi-class run; channel c of scores and class index c are `list[c]`. */
export interface ClassName {
  /** The id in label maps. */
  readonly id: number;
  /** As columns and reports call it. */
  readonly name: string;
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
