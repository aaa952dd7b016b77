import type {Tensor} from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type {Cell} from '../rows/row.js';
import type {LossColumn, LossColumns, LossDescriptor, LossFacts, TensorLibrary} from './contract.js';

/** Vectors of one dimension, an item each. */
export interface EmbeddingSet {
  /** Unique; an item's file name, or its index as text. */
  readonly keys: readonly string[];
  /** Numbers of each vector. */
  readonly dimensions: number;
  /** Row-major, keys.length × dimensions, finite. */
  readonly vectors: Float64Array;
  /** The identity of each item; null when none were given. */
  readonly labels: readonly string[] | null;
}

/** A discriminator's raw outputs, an item each: one score, or a map of patches. */
export interface ScoreSet {
  /** The key of each item. */
  readonly keys: readonly string[];
  /** The scores of each item, in the order of the keys: one, or one a patch. */
  readonly scores: readonly Float64Array[];
}

/** The tuples of a manifest: indices into an EmbeddingSet. `key` names the row. */
export type NamedTuples =
  | {
      readonly kind: 'triplets';
      readonly list: readonly {
        readonly key: string;
        readonly anchor: number;
        readonly positive: number;
        readonly negative: number;
      }[];
    }
  | {
      readonly kind: 'pairs';
      readonly list: readonly {
        readonly key: string;
        readonly first: number;
        readonly second: number;
        readonly same: boolean;
      }[];
    };

/** Everything a dataset loss may read. Each method throws UsageError where the config gave no such data. */
export interface VectorDataset {
  /** The one set of `task: embedding`. */
  embeddings(): EmbeddingSet;
  /** Two sets to compare. */
  embeddingsOf(role: 'real' | 'fake'): EmbeddingSet;
  /** The scores of `task: adversarial`. */
  scoresOf(role: 'real' | 'fake'): ScoreSet;
  /** What the scores are: raw ones (`logits`) or probabilities in [0, 1]. */
  readonly scoreInput: 'logits' | 'probabilities';
  /** A manifest of tuples, read and matched to `embeddings()`. `path` is absolute. */
  tuples(path: string): Promise<NamedTuples>;
}

/** A row of a dataset loss: its cells by column part. Parts left out are `'n/a'`. */
export interface DatasetRow {
  /** Its name, unique in the loss. */
  readonly key: string;
  /** The values by column part. */
  readonly cells: Readonly<Record<string, Cell>>;
}

/** A dataset loss made ready with its options. */
export interface DatasetLossInstance {
  /** Its columns, in the order of reports. */
  readonly columns: readonly LossColumn[];
  /** Checks the data before a row is made: throws UsageError for data that do not fit the loss. */
  check?(dataset: VectorDataset): Promise<void>;
  /** Its rows, each key once, in any order; the run joins the rows of several losses by key. */
  rows(dataset: VectorDataset, signal: AbortSignal): Iterable<DatasetRow> | AsyncIterable<DatasetRow>;
  /** Aggregates beyond the usual statistics; `value` overrides the mean of the rows. Plain JSON, keyed by column part (`''` for the loss itself). */
  aggregate?(
    columns: LossColumns,
    dataset: VectorDataset,
  ): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>>;
  /** The loss's distance of two items of `embeddings()`, by their indices; only losses of tuples have one. */
  between?(dataset: VectorDataset, first: number, second: number): number;
  /** The formula as a tensor program of float32 feeds, for gradients: the loss's value as a scalar for each part. */
  readonly program?: DatasetProgram;
}

/** A dataset loss as a differentiable function. Feeds are named in the loss's documentation. */
export type DatasetProgram = (feeds: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>;

/**
 * A loss over a whole set of vectors or scores. An option that takes the path of a manifest marks it with
 * `.meta({path: true})`, so that the config makes it absolute and it goes to `VectorDataset.tuples` as it is.
 */
export interface DatasetLossDescriptor<Options extends z.ZodObject = z.ZodObject> extends LossFacts<Options> {
  /** What tells it from a loss of samples. */
  readonly scope: 'dataset';
  /** Which task it belongs to: `embedding` reads embeddings, `adversarial` scores. */
  readonly task: 'embedding' | 'adversarial';
  /** Makes it ready with its options. Throws UsageError for options that make no sense together. */
  create(options: z.output<Options>, context: {readonly tf: TensorLibrary}): DatasetLossInstance;
}

/** A loss of either scope. */
export type AnyLossDescriptor = LossDescriptor | DatasetLossDescriptor;

/** Whether a loss is one of whole sets; the others score samples. */
export function isDatasetLoss(descriptor: AnyLossDescriptor): descriptor is DatasetLossDescriptor {
  return 'scope' in descriptor && descriptor.scope === 'dataset';
}

/** A descriptor that knows the type of its options. */
export type DefinedDatasetLoss<Options extends z.ZodObject> = Omit<DatasetLossDescriptor, 'options'> & {
  readonly options: Options;
};

/** Types a descriptor by its options; the registry holds the result. */
export function defineDatasetLoss<Options extends z.ZodObject>(
  descriptor: DatasetLossDescriptor<Options>,
): DefinedDatasetLoss<Options> {
  return descriptor as unknown as DefinedDatasetLoss<Options>;
}
