import type {Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type {Space} from '../../tuples/distances.js';
import {positivesOf} from '../../tuples/identities.js';
import type {LossColumns, TensorLibrary} from '../contract.js';
import {type DatasetLossInstance, type DatasetRow, defineDatasetLoss, type VectorDataset} from '../dataset-contract.js';
import {countTriplet, countTriplets, negativesOf, type TripletCounts} from './anchor-triplets.js';
import type {Hardest} from './hardest.js';
import {offerTriplets} from './hardest-triplets.js';
import {identifiedSet} from './identified-set.js';
import {namedTuples} from './named-tuples.js';
import {normalizeOption, recallOption, tuplesOption, verificationOption} from './options.js';
import {datasetDistances, recallAggregate, verificationAggregate} from './set-aggregates.js';
import {pairDistances} from './tensor-distances.js';
import {type TupleMembers, tupleLoss} from './tuple-loss.js';
import {total, weightedMean} from './weighted-mean.js';

const options = z.strictObject({
  margin: z.number().min(0).default(0.2).describe('how much farther a negative should be than a positive'),
  distance: z
    .enum(['squared-l2', 'l2', 'cosine'])
    .default('squared-l2')
    .describe('squared-l2: |x − y|²; l2: its root; cosine: 1 − cos'),
  clamp: z.boolean().default(true).describe('false gives the bare d(a,p) − d(a,n) + margin'),
  ...normalizeOption,
  ...tuplesOption,
  ...recallOption,
  ...verificationOption,
});

type Options = z.output<typeof options>;

const COUNTS = ['count', 'active', 'hard', 'semi_hard', 'easy'] as const;

/**
 * Triplet loss: max(0, d(a, p) − d(a, n) + margin), a and p of one identity, n of another.
 *
 * With `tuples: all`, every triplet of the set; a row is an anchor with the mean over its triplets, n/a where it has no
 * positive. With a manifest (`anchor, positive, negative`) a row is a triplet. Columns `count`, `active` (loss above 0),
 * `hard` (d_an ≤ d_ap), `easy` (d_an ≥ d_ap + margin), `semi_hard` (the rest); with `clamp: false` also `clamped`, the
 * mean of the clamped loss. Program: feeds `anchors`, `positives`, `negatives`, each `[m, d]`.
 *
 * Source: Schroff, Kalenichenko and Philbin, FaceNet, CVPR 2015, equation 2 and section 3.2.
 */
export const triplet = defineDatasetLoss({
  id: 'triplet',
  family: 'embedding',
  scope: 'dataset',
  task: 'embedding',
  better: 'lower',
  summary: 'Triplet loss: a positive should be nearer than a negative, by a margin',
  formula: 'max(0, d(a, p) - d(a, n) + margin)',
  range: 'from 0, where each negative is farther by the margin',
  unit: 'squared distance, or as `distance` says',
  use: 'Embeddings of faces, products, places trained with triplets. Beside it stand recall@k and verification, which compare models of other margins and scales.',
  reference: 'Schroff, Kalenichenko and Philbin, "FaceNet", CVPR 2015, equation 2',
  undefinedWhen: 'never; the row of an anchor without a positive is n/a',
  options,
  create: tripletLoss,
});

function tripletLoss(settings: Options, {tf}: {readonly tf: TensorLibrary}): DatasetLossInstance {
  const {margin, clamp, distance, normalize, tuples, recall_at, tar_at_far} = settings;
  const space: Space = {measure: distance, normalize};
  const all = tuples === 'all';
  const listed = (dataset: VectorDataset) => namedTuples(dataset, {path: tuples, kind: 'triplets', loss: 'triplet'});
  return tupleLoss({
    space,
    columns: [
      {part: '', better: 'lower'},
      ...[...COUNTS, ...(clamp ? [] : ['clamped'])].map((part) => ({part, better: 'none' as const})),
    ],
    async check(dataset) {
      if (all) identifiedSet(dataset, 'triplet');
      else await listed(dataset);
      datasetDistances(dataset, space);
    },
    async scan(dataset, hardest) {
      if (all) return anchorRows(dataset, space, settings, hardest);
      const triplets = await listed(dataset);
      const {between} = datasetDistances(dataset, space);
      return triplets.map(({key, anchor, positive, negative}) => {
        const counts = countTriplet(between(anchor, positive), between(anchor, negative), margin);
        hardest.offer(counts.bare, () => ({anchor, positive, negative}));
        return {key, cells: cells(counts, clamp)};
      });
    },
    aggregate: async (columns, dataset) => ({
      '': {
        ...tripletAggregates(columns, clamp),
        ...(all && recallAggregate(dataset, 'triplet', space, recall_at)),
        ...(all && verificationAggregate(dataset, 'triplet', space, tar_at_far)),
      },
    }),
    program: ({anchors, positives, negatives}) => {
      const measure = (other: Tensor | undefined) => pairDistances(tf, anchors as Tensor2D, other as Tensor2D, space);
      const bare = tf.add(tf.sub(measure(positives), measure(negatives)), margin);
      return {'': tf.mean(clamp ? tf.relu(bare) : bare)};
    },
  });
}

function* anchorRows(
  dataset: VectorDataset,
  space: Space,
  {margin, clamp}: Options,
  hardest: Hardest<TupleMembers>,
): Iterable<DatasetRow> {
  const {set, identities} = identifiedSet(dataset, 'triplet');
  for (const {index, distances} of datasetDistances(dataset, space).rows()) {
    const key = set.keys[index] as string;
    const anchor = {index, distances, positives: positivesOf(identities, index)};
    if (anchor.positives.length === 0) {
      yield {key, cells: {}};
      continue;
    }
    const negatives = negativesOf(anchor, identities, margin);
    offerTriplets(anchor, negatives, identities, margin, hardest);
    yield {key, cells: cells(countTriplets(anchor, negatives, margin), clamp)};
  }
}

function cells(
  {count, active, hard, semiHard, easy, clamped, bare}: TripletCounts,
  clamp: boolean,
): DatasetRow['cells'] {
  const counts = {count, active, hard, semi_hard: semiHard, easy};
  return clamp ? {'': clamped / count, ...counts} : {'': bare / count, ...counts, clamped: clamped / count};
}

function tripletAggregates(columns: LossColumns, clamp: boolean): Readonly<Record<string, unknown>> {
  const {active, ...totals} = Object.fromEntries(COUNTS.map((part) => [part, total(columns, part)])) as Record<
    (typeof COUNTS)[number],
    number
  >;
  const clamped = weightedMean(columns, clamp ? '' : 'clamped', 'count');
  return {
    value: weightedMean(columns, '', 'count'),
    ...totals,
    active_fraction: totals.count > 0 ? active / totals.count : null,
    mean_of_active: active > 0 && clamped !== null ? (clamped * totals.count) / active : null,
  };
}
