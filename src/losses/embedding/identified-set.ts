import {UsageError} from '../../errors.js';
import {type Identities, identitiesOf} from '../../tuples/identities.js';
import type {EmbeddingSet, VectorDataset} from '../dataset-contract.js';
import {oncePerDataset} from './once-per-dataset.js';

/** A set of embeddings and who is who. */
export interface IdentifiedSet {
  readonly set: EmbeddingSet;
  readonly identities: Identities;
}

/**
 * The run's embeddings with their identities, of which there are two at least, one of them with two items at least.
 * Throws UsageError where the labels are missing or give no positive or no negative pair.
 */
export function identifiedSet(dataset: VectorDataset, loss: string): IdentifiedSet {
  const set = dataset.embeddings();
  const {labels} = set;
  if (!labels) {
    throw new UsageError(
      'CVL-V006',
      `${loss} with tuples: all needs the identity of every item: set embeddings.labels, or name a manifest in tuples`,
    );
  }
  const identities = oncePerDataset(dataset, 'identities', () => identitiesOf(labels));
  const count = identities.members.length;
  if (count < 2) {
    throw new UsageError(
      'CVL-V007',
      `${loss}: all ${set.keys.length} embeddings have the label '${labels[0] ?? ''}', expected two labels or more: without another identity there is no negative`,
    );
  }
  if (count === set.keys.length) {
    throw new UsageError(
      'CVL-V007',
      `${loss}: each of the ${count} embeddings has a label of its own, expected two of one identity somewhere: without them there is no positive pair`,
    );
  }
  return {set, identities};
}
