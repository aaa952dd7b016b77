import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {sumOf} from '../../statistics/sum.js';
import type {Space} from '../../tuples/distances.js';
import {positivesOf} from '../../tuples/identities.js';
import type {LossColumn, TensorLibrary} from '../contract.js';
import type {DatasetLossInstance, DatasetRow, VectorDataset} from '../dataset-contract.js';
import type {Hardest} from './hardest.js';
import {identifiedSet} from './identified-set.js';
import {namedTuples, type TupleLists} from './named-tuples.js';
import {datasetDistances, recallAggregate} from './set-aggregates.js';
import {unitRows} from './tensor-distances.js';
import {type TupleMembers, tupleLoss} from './tuple-loss.js';
import {total, weightedMean} from './weighted-mean.js';

/** A softmax of one positive against negatives: dot products, of unit vectors or not, over a temperature. */
export interface SoftmaxFormula {
  readonly loss: string;
  readonly normalize: boolean;
  readonly temperature: number;
}

const COLUMNS: readonly LossColumn[] = [
  {part: '', better: 'lower'},
  {part: 'count', better: 'none'},
];

/**
 * Makes the instance of −ln(e^{s_ap} / (e^{s_ap} + Σ_n e^{s_an})) = softplus(ln Σ_n e^{s_an} − s_ap), s = x·y / temperature.
 *
 * With `tuples: all`, for every anchor and positive, n over all items of other identities; a row is an anchor with the
 * mean over its positives, n/a without one. With a manifest (`anchor, positive, negative`), n over the negatives that
 * it lists for the same anchor and positive; the value stands in the row of the first of them, the others are n/a.
 * `count` is the number of anchor-positive pairs. Program: feeds `embeddings` `[n, d]` and `labels` `[n]`.
 */
export function softmaxLoss(
  formula: SoftmaxFormula,
  {tuples, recall_at}: {readonly tuples: string; readonly recall_at: readonly number[]},
  tf: TensorLibrary,
): DatasetLossInstance {
  const {loss, normalize, temperature} = formula;
  const space: Space = {measure: 'negative-dot', normalize};
  const all = tuples === 'all';
  const listed = (dataset: VectorDataset) => namedTuples(dataset, {path: tuples, kind: 'triplets', loss});
  return tupleLoss({
    space,
    columns: COLUMNS,
    async check(dataset) {
      if (all) identifiedSet(dataset, loss);
      else await listed(dataset);
      datasetDistances(dataset, space);
    },
    async scan(dataset, hardest) {
      if (all) return anchorRows(dataset, space, formula, hardest);
      return listedRows(await listed(dataset), dataset, space, temperature, hardest);
    },
    aggregate: async (columns, dataset) => ({
      '': {
        value: weightedMean(columns, '', 'count'),
        count: total(columns, 'count'),
        ...(all && recallAggregate(dataset, loss, space, recall_at)),
      },
    }),
    program: ({embeddings, labels}) => {
      const vectors = embeddings as Tensor2D;
      const rows = normalize ? unitRows(tf, vectors) : vectors;
      const similarities = tf.div(tf.matMul(rows, rows, false, true), temperature) as Tensor2D;
      return {'': anchorPositiveMean(tf, similarities, labels as Tensor1D)};
    },
  });
}

function* anchorRows(
  dataset: VectorDataset,
  space: Space,
  {loss, temperature}: SoftmaxFormula,
  hardest: Hardest<TupleMembers>,
): Iterable<DatasetRow> {
  const {set, identities} = identifiedSet(dataset, loss);
  for (const {index: anchor, distances} of datasetDistances(dataset, space).rows()) {
    const key = set.keys[anchor] as string;
    const positives = positivesOf(identities, anchor);
    if (positives.length === 0) {
      yield {key, cells: {}};
      continue;
    }
    const negatives = distances.filter((_, item) => identities.of[item] !== identities.of[anchor]);
    const against = logSumExp(negatives, temperature);
    const values = positives.map((item) => softplus(against + (distances[item] as number) / temperature));
    positives.forEach((positive, i) => {
      hardest.offer(values[i] as number, () => ({anchor, positive}));
    });
    const sum = sumOf(values.length, (i) => values[i] as number);
    yield {key, cells: {'': sum / values.length, count: values.length}};
  }
}

function* listedRows(
  triplets: TupleLists['triplets'],
  dataset: VectorDataset,
  space: Space,
  temperature: number,
  hardest: Hardest<TupleMembers>,
): Iterable<DatasetRow> {
  const {between} = datasetDistances(dataset, space);
  const negativesOf = new Map<string, number[]>();
  const pairOf = ({anchor, positive}: (typeof triplets)[number]) => `${anchor} ${positive}`;
  for (const tuple of triplets) {
    const negatives = negativesOf.get(pairOf(tuple));
    if (negatives) negatives.push(tuple.negative);
    else negativesOf.set(pairOf(tuple), [tuple.negative]);
  }
  for (const tuple of triplets) {
    const {key, anchor, positive} = tuple;
    const negatives = negativesOf.get(pairOf(tuple));
    negativesOf.delete(pairOf(tuple));
    if (!negatives) {
      yield {key, cells: {}};
      continue;
    }
    const distances = Float64Array.from(new Set(negatives), (negative) => between(anchor, negative));
    const value = softplus(logSumExp(distances, temperature) + between(anchor, positive) / temperature);
    hardest.offer(value, () => ({anchor, positive}));
    yield {key, cells: {'': value, count: 1}};
  }
}

/** ln Σ e^{−d/temperature}. */
function logSumExp(distances: Float64Array, temperature: number): number {
  const largest = -distances.reduce((low, distance) => Math.min(low, distance), Infinity) / temperature;
  const sum = sumOf(distances.length, (i) => Math.exp(-(distances[i] as number) / temperature - largest));
  return largest + Math.log(sum);
}

/** ln(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Below every similarity that counts, and far enough from float32's end that differences stay finite. */
const LEAST = -1e30;

function anchorPositiveMean(tf: TensorLibrary, similarities: Tensor2D, labels: Tensor1D) {
  const same = tf.equal(tf.expandDims(labels, 1), tf.expandDims(labels, 0));
  const positive = tf.sub(tf.cast(same, 'float32'), tf.eye(labels.size));
  const negatives = tf.where(same, LEAST, similarities);
  const terms = tf.softplus(tf.sub(tf.logSumExp(negatives, 1, true), similarities));
  return tf.div(tf.sum(tf.mul(terms, positive)), tf.sum(positive));
}
