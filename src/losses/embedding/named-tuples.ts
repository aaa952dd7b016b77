import {UsageError} from '../../errors.js';
import type {NamedTuples, VectorDataset} from '../dataset-contract.js';

const COLUMNS = {triplets: 'anchor, positive, negative', pairs: 'first, second, same'} as const;

/** The lists of manifests, by kind. */
export type TupleLists = {
  readonly [K in NamedTuples['kind']]: Extract<NamedTuples, {readonly kind: K}>['list'];
};

/** The list of a manifest of one kind. Throws UsageError for a manifest of the other kind, and for an empty one. */
export async function namedTuples<K extends keyof TupleLists>(
  dataset: VectorDataset,
  {path, kind, loss}: {readonly path: string; readonly kind: K; readonly loss: string},
): Promise<TupleLists[K]> {
  const tuples = await dataset.tuples(path);
  if (tuples.kind !== kind) {
    throw new UsageError(
      'CVL-V008',
      `${loss} needs a manifest with the columns ${COLUMNS[kind]}; ${path} has ${COLUMNS[tuples.kind]}`,
    );
  }
  if (tuples.list.length === 0) throw new UsageError('CVL-V008', `${path} lists no ${kind}`);
  return tuples.list as TupleLists[K];
}
