import {UsageError} from '../../errors.js';
import type {ScoreSet, VectorDataset} from '../dataset-contract.js';

/** The scores of both sets. */
export interface ScoredSets {
  readonly real: ScoreSet;
  readonly fake: ScoreSet;
}

const ROLES = ['real', 'fake'] as const;

/**
 * The run's scores, at least one item each. Throws UsageError for an empty set, an item without scores, and a
 * probability outside [0, 1].
 */
export function scoredSets(dataset: VectorDataset, loss: string): ScoredSets {
  const sets = {real: dataset.scoresOf('real'), fake: dataset.scoresOf('fake')};
  for (const role of ROLES) {
    const {keys, scores} = sets[role];
    if (keys.length === 0)
      throw new UsageError('CVL-V010', `${loss}: the scores of ${role} are empty, expected one item or more`);
    for (const [i, patches] of scores.entries()) checkItem(patches, `${role} '${keys[i] ?? ''}'`, dataset.scoreInput);
  }
  return sets;
}

function checkItem(patches: Float64Array, item: string, input: VectorDataset['scoreInput']): void {
  if (patches.length === 0) throw new UsageError('CVL-V012', `${item} has no score`);
  if (input === 'logits') return;
  const wrong = patches.find((score) => !(score >= 0 && score <= 1));
  if (wrong !== undefined) {
    throw new UsageError(
      'CVL-V013',
      `${item} has the score ${wrong}, expected a probability in [0, 1]: say input: logits for raw scores`,
    );
  }
}

/** Refuses probabilities where a loss is defined on raw scores alone. */
export function requireRawScores(dataset: VectorDataset, loss: string): void {
  if (dataset.scoreInput === 'probabilities') {
    throw new UsageError(
      'CVL-V013',
      `${loss} takes a critic's raw scores, the config says input: probabilities: give its logits`,
    );
  }
}
