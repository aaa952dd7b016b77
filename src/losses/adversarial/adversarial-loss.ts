import type {Tensor} from '@tensorflow/tfjs-core';
import {sumOf} from '../../statistics/sum.js';
import type {LossColumns, TensorLibrary} from '../contract.js';
import type {DatasetLossInstance, DatasetRow, ScoreSet, VectorDataset} from '../dataset-contract.js';
import {requireRawScores, type ScoredSets, scoredSets} from './scored-sets.js';

export type ScoreInput = VectorDataset['scoreInput'];

/** A term of one score, and the same of a tensor of scores. */
export interface ScoreTerm {
  of(score: number, input: ScoreInput): number;
  tensor(scores: Tensor): Tensor;
}

/** A pair of adversarial objectives as terms of single scores. */
export interface AdversarialFormula {
  readonly loss: string;
  /** The name of the discriminator's part. */
  readonly judge: 'discriminator' | 'critic';
  /** The judge's loss is the mean of `real` over the real scores plus the mean of `fake` over the fake ones. */
  readonly real: ScoreTerm;
  readonly fake: ScoreTerm;
  /** The generator's loss is the mean over the fake scores. */
  readonly generator: ScoreTerm;
  /** Whether the loss has no meaning for probabilities. */
  readonly rawOnly?: boolean;
  /** Scores above it are taken for real; none for a critic, whose scores have no origin. */
  threshold?(input: ScoreInput): number | undefined;
  /** Aggregates of the loss as a whole. */
  aggregate?(sets: ScoredSets): Readonly<Record<string, unknown>>;
}

/**
 * Makes the instance of a pair of adversarial objectives. Rows are `real/KEY` and `fake/KEY`; the judge's column holds
 * the item's own term, the generator's is n/a for real items. Terms are averaged over an item's patches, then over
 * items. Program: feeds `real` and `fake`, `[n]` or `[n, patches]`, of raw scores.
 */
export function adversarialLoss(formula: AdversarialFormula, tf: TensorLibrary): DatasetLossInstance {
  const {loss, judge, rawOnly = false} = formula;
  return {
    columns: [
      {part: judge, better: 'none'},
      {part: 'generator', better: 'lower'},
    ],
    async check(dataset) {
      if (rawOnly) requireRawScores(dataset, loss);
      scoredSets(dataset, loss);
    },
    rows: (dataset) => itemRows(scoredSets(dataset, loss), formula, dataset.scoreInput),
    async aggregate(columns, dataset) {
      const sets = scoredSets(dataset, loss);
      const [real, fake] = [meanOf(columns, judge, 'real/'), meanOf(columns, judge, 'fake/')];
      return {
        [judge]: {value: real === null || fake === null ? null : real + fake, real, fake},
        generator: {value: meanOf(columns, 'generator', 'fake/')},
        '': {...accuracies(sets, formula.threshold?.(dataset.scoreInput)), ...formula.aggregate?.(sets)},
      };
    },
    program: ({real, fake}) => {
      const mean = (term: ScoreTerm, scores: Tensor | undefined) => tf.mean(term.tensor(scores as Tensor));
      return {
        [judge]: tf.add(mean(formula.real, real), mean(formula.fake, fake)),
        generator: mean(formula.generator, fake),
      };
    },
  };
}

function* itemRows(
  {real, fake}: ScoredSets,
  {judge, ...terms}: AdversarialFormula,
  input: ScoreInput,
): Iterable<DatasetRow> {
  for (const {key, scores} of items(real)) {
    yield {key: `real/${key}`, cells: {[judge]: patchMean(scores, (score) => terms.real.of(score, input))}};
  }
  for (const {key, scores} of items(fake)) {
    const judged = patchMean(scores, (score) => terms.fake.of(score, input));
    const generator = patchMean(scores, (score) => terms.generator.of(score, input));
    yield {key: `fake/${key}`, cells: {[judge]: judged, generator}};
  }
}

function* items({keys, scores}: ScoreSet): Iterable<{readonly key: string; readonly scores: Float64Array}> {
  for (const [i, key] of keys.entries()) yield {key, scores: scores[i] as Float64Array};
}

function patchMean(scores: Float64Array, term: (score: number) => number): number {
  return sumOf(scores.length, (i) => term(scores[i] as number)) / scores.length;
}

/** The mean of a part over the rows of a set; null where none has a finite value. */
function meanOf(columns: LossColumns, part: string, prefix: string): number | null {
  const keys = columns.keys(part);
  const values = columns
    .numbers(part)
    .filter((value, row) => Number.isFinite(value) && (keys[row] as string).startsWith(prefix));
  return values.length === 0 ? null : sumOf(values.length, (i) => values[i] as number) / values.length;
}

/** The fractions of items, by their patches, that are told rightly; a score at the threshold is wrong on either side. */
function accuracies({real, fake}: ScoredSets, threshold: number | undefined): Readonly<Record<string, number>> {
  if (threshold === undefined) return {};
  const rightly = ({scores}: ScoreSet, isRight: (score: number) => boolean) =>
    sumOf(scores.length, (i) => patchMean(scores[i] as Float64Array, (score) => Number(isRight(score))));
  const [realRight, fakeRight] = [rightly(real, (s) => s > threshold), rightly(fake, (s) => s < threshold)];
  const [realCount, fakeCount] = [real.keys.length, fake.keys.length];
  return {
    discriminator_accuracy: (realRight + fakeRight) / (realCount + fakeCount),
    real_accuracy: realRight / realCount,
    fake_accuracy: fakeRight / fakeCount,
  };
}
