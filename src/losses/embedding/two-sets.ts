import {UsageError} from '../../errors.js';
import type {RowRange} from '../../kernels/row-products.js';
import {storedVectors, unitVectors} from '../../tuples/vectors.js';
import type {VectorDataset} from '../dataset-contract.js';

/** The two sets of a run, of one dimension. */
export interface TwoSets {
  readonly real: RowRange;
  readonly fake: RowRange;
}

/**
 * The sets `real` and `fake`, of two items at least, each vector divided by its length where asked for. Throws
 * UsageError where their dimensions differ or one is too small for a covariance.
 */
export function twoSets(dataset: VectorDataset, loss: string, normalize: boolean): TwoSets {
  const [real, fake] = [dataset.embeddingsOf('real'), dataset.embeddingsOf('fake')];
  if (real.dimensions !== fake.dimensions) {
    throw new UsageError(
      'CVL-V009',
      `${loss}: the embeddings of real have ${real.dimensions} dimensions, those of fake ${fake.dimensions}; expected the same network's`,
    );
  }
  for (const [role, {keys}] of [
    ['real', real],
    ['fake', fake],
  ] as const) {
    if (keys.length < 2) {
      throw new UsageError(
        'CVL-V010',
        `${loss}: ${role} has ${keys.length === 1 ? '1 embedding' : 'no embedding'}, expected two or more`,
      );
    }
  }
  const vectors = normalize ? unitVectors : storedVectors;
  return {real: vectors(real), fake: vectors(fake)};
}
