import {z} from 'zod';
import type {DatasetLossInstance, DatasetRow, VectorDataset} from '../../src/losses/dataset-contract.js';
import type {SetLossEntry} from '../../src/run/dataset-run.js';

/** An entry for a loss of whole sets written in a test: its id is `norm` unless given, its columns `''`. */
export function setLoss(
  rows: (dataset: VectorDataset, signal: AbortSignal) => Iterable<DatasetRow> | AsyncIterable<DatasetRow>,
  instance: Partial<DatasetLossInstance> = {},
  more: Partial<SetLossEntry> = {},
): SetLossEntry {
  return {
    descriptor: {
      id: 'norm',
      family: 'embedding',
      scope: 'dataset',
      task: 'embedding',
      better: 'lower',
      summary: '',
      formula: '',
      reference: '',
      undefinedWhen: '',
      options: z.strictObject({}),
      create: () => ({columns: [{part: '', better: 'lower'}], rows, ...instance}),
    },
    id: 'norm',
    undefined: 'skip',
    options: {},
    ...more,
  };
}

/** A row for each vector: its Euclidean length. */
export function* lengths(dataset: VectorDataset): Generator<DatasetRow> {
  const {keys, vectors, dimensions} = dataset.embeddings();
  for (const [i, key] of keys.entries()) {
    const vector = vectors.subarray(i * dimensions, (i + 1) * dimensions);
    yield {key, cells: {'': Math.hypot(...vector)}};
  }
}
