import {readFileSync} from 'node:fs';
import type {
  DatasetLossInstance,
  DatasetRow,
  EmbeddingSet,
  NamedTuples,
  VectorDataset,
} from '../../../src/losses/dataset-contract.js';
import {datasetLosses} from '../../../src/losses/dataset-registry.js';
import {ColumnValues, lossColumns} from '../../../src/run/column-values.js';
import {readNpy} from '../../npy.js';
import {javascript, type LossConfig} from '../score.js';

const FIXTURES = new URL('../../../fixtures/', import.meta.url);

/** What a loss gives for a dataset: cells by row key, aggregates by column part. */
export interface LossRun {
  readonly rows: ReadonlyMap<string, DatasetRow['cells']>;
  readonly aggregates: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The loss of that type, ready with its options, on tfjs's JavaScript backend. */
export async function createSetLoss({type, ...options}: LossConfig): Promise<DatasetLossInstance> {
  const descriptor = datasetLosses.find(({id}) => id === type);
  if (!descriptor) throw new Error(`no loss '${type}'`);
  return descriptor.create(descriptor.options.parse(options), {tf: await javascript()});
}

/** Runs a loss over a dataset: check, rows, aggregates. */
export async function runLoss(config: LossConfig, dataset: VectorDataset): Promise<LossRun> {
  const instance = await createSetLoss(config);
  await instance.check?.(dataset);
  const rows = new Map<string, DatasetRow['cells']>();
  for await (const {key, cells} of instance.rows(dataset, new AbortController().signal)) {
    if (rows.has(key)) throw new Error(`row '${key}' twice`);
    rows.set(key, cells);
  }
  const keys = [...rows.keys()].sort();
  const columns = new Map(instance.columns.map(({part}) => [part, new ColumnValues()]));
  for (const key of keys) {
    const cells = rows.get(key) ?? {};
    for (const part of Object.keys(cells)) if (!columns.has(part)) throw new Error(`no column '${part}'`);
    for (const [part, column] of columns) column.add(cells[part] ?? 'n/a');
  }
  return {rows, aggregates: (await instance.aggregate?.(lossColumns(columns, keys), dataset)) ?? {}};
}

/** A dataset with what is given; the rest throws. */
export function datasetOf(given: {
  readonly set?: EmbeddingSet;
  readonly sets?: Readonly<Record<'real' | 'fake', EmbeddingSet>>;
  readonly scores?: Readonly<Record<'real' | 'fake', readonly (readonly number[])[]>>;
  readonly input?: VectorDataset['scoreInput'];
  readonly tuples?: NamedTuples;
}): VectorDataset {
  const {set, sets, scores, input = 'logits', tuples} = given;
  const wanted = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('not given');
    return value;
  };
  return {
    embeddings: () => wanted(set),
    embeddingsOf: (role) => wanted(sets)[role],
    scoresOf: (role) => ({
      keys: wanted(scores)[role].map((_, i) => `i${String(i).padStart(4, '0')}`),
      scores: wanted(scores)[role].map((patches) => Float64Array.from(patches)),
    }),
    scoreInput: input,
    tuples: async () => wanted(tuples),
  };
}

/** A set of vectors with keys k0, k1, … */
export function setOf(vectors: readonly (readonly number[])[], labels: readonly string[] | null = null): EmbeddingSet {
  return {
    keys: vectors.map((_, i) => `k${i}`),
    dimensions: vectors[0]?.length ?? 0,
    vectors: Float64Array.from(vectors.flat()),
    labels,
  };
}

/** The bundled embeddings with their labels. */
export function bundledSet(): EmbeddingSet {
  const {data, height, width} = readNpy(new URL('embeddings/embeddings.npy', FIXTURES));
  const lines = readFileSync(new URL('embeddings/labels.csv', FIXTURES), 'utf8').trim().split('\n').slice(1);
  const rows = Array.from({length: height}, (_, i) => Array.from(data.subarray(i * width, (i + 1) * width)));
  return setOf(
    rows,
    lines.map((line) => line.split(',')[1] as string),
  );
}

/** Bundled scores, by the end of their file's name. */
export function bundledScores(suffix = ''): Readonly<Record<'real' | 'fake', number[][]>> {
  const read = (role: string) =>
    readFileSync(new URL(`embeddings/scores-${role}${suffix}.csv`, FIXTURES), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => [Number(line.split(',')[1])]);
  return {real: read('real'), fake: read('fake')};
}

/** A bundled JSON file. */
export function bundledJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')) as T;
}
