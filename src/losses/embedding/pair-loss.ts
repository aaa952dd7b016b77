import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {sumOf} from '../../statistics/sum.js';
import type {Space} from '../../tuples/distances.js';
import type {LossColumn, LossColumns, TensorLibrary} from '../contract.js';
import type {DatasetLossInstance, DatasetRow, VectorDataset} from '../dataset-contract.js';
import type {Hardest} from './hardest.js';
import {identifiedSet} from './identified-set.js';
import {namedTuples} from './named-tuples.js';
import {datasetDistances, listedVerification, recallAggregate, verificationAggregate} from './set-aggregates.js';
import {pairDistances} from './tensor-distances.js';
import {type TupleMembers, tupleLoss} from './tuple-loss.js';
import {total, weightedMean} from './weighted-mean.js';

/** A loss of pairs: a function of the distance for a same pair, another for a different pair. */
export interface PairFormula {
  readonly loss: string;
  readonly space: Space;
  same(distance: number): number;
  different(distance: number): number;
  /** The same two of distances `[m]`. */
  sameTensor(distances: Tensor1D): Tensor1D;
  differentTensor(distances: Tensor1D): Tensor1D;
}

/** The options that all losses of pairs share. */
export interface PairOptions {
  readonly tuples: string;
  readonly recall_at: readonly number[];
  readonly tar_at_far: readonly number[];
}

const COLUMNS: readonly LossColumn[] = [
  {part: '', better: 'lower'},
  {part: 'same', better: 'lower'},
  {part: 'different', better: 'lower'},
  {part: 'count', better: 'none'},
  {part: 'same_count', better: 'none'},
  {part: 'different_count', better: 'none'},
];

/**
 * Makes the instance of a loss of pairs. With `tuples: all` a row is an item with the mean over the pairs that it is
 * in, so that a pair is in two rows and the count-weighted mean of the rows is that over unordered pairs; the
 * aggregate `count` has each pair once. With a manifest (`first, second, same`) a row is a pair. Columns `same` and
 * `different` are the means over the pairs of each kind.
 */
export function pairLoss(formula: PairFormula, options: PairOptions, tf: TensorLibrary): DatasetLossInstance {
  const {loss, space} = formula;
  const {tuples, recall_at, tar_at_far} = options;
  const all = tuples === 'all';
  const listed = (dataset: VectorDataset) => namedTuples(dataset, {path: tuples, kind: 'pairs', loss});
  return tupleLoss({
    space,
    columns: COLUMNS,
    async check(dataset) {
      if (all) identifiedSet(dataset, loss);
      else await listed(dataset);
      datasetDistances(dataset, space);
    },
    async scan(dataset, hardest) {
      if (all) return itemRows(dataset, formula, hardest);
      const pairs = await listed(dataset);
      const {between} = datasetDistances(dataset, space);
      return pairs.map(({key, first, second, same}) => {
        const distance = between(first, second);
        const value = same ? formula.same(distance) : formula.different(distance);
        hardest.offer(value, () => ({first, second, same}));
        return {key, cells: cells(same ? [value] : [], same ? [] : [value])};
      });
    },
    async aggregate(columns, dataset) {
      const {parts, whole} = pairAggregates(columns, all ? 2 : 1);
      const set = all
        ? {
            ...recallAggregate(dataset, loss, space, recall_at),
            ...verificationAggregate(dataset, loss, space, tar_at_far),
          }
        : listedVerification(dataset, await listed(dataset), space, tar_at_far);
      return {...parts, '': {...whole, ...set}};
    },
    program: ({first, second, same}) => {
      const distances = pairDistances(tf, first as Tensor2D, second as Tensor2D, space);
      const isSame = same as Tensor1D;
      const sameTerms = tf.mul(isSame, formula.sameTensor(distances));
      const differentTerms = tf.mul(tf.sub(1, isSame), formula.differentTensor(distances));
      return {'': tf.mean(tf.add(sameTerms, differentTerms))};
    },
  });
}

function* itemRows(
  dataset: VectorDataset,
  {loss, space, same, different}: PairFormula,
  hardest: Hardest<TupleMembers>,
): Iterable<DatasetRow> {
  const {set, identities} = identifiedSet(dataset, loss);
  for (const {index: first, distances} of datasetDistances(dataset, space).rows()) {
    const identity = identities.of[first];
    const [sameTerms, differentTerms]: [number[], number[]] = [[], []];
    distances.forEach((distance, second) => {
      if (second === first) return;
      const isSame = identities.of[second] === identity;
      const value = isSame ? same(distance) : different(distance);
      (isSame ? sameTerms : differentTerms).push(value);
      if (second > first) hardest.offer(value, () => ({first, second, same: isSame}));
    });
    yield {key: set.keys[first] as string, cells: cells(sameTerms, differentTerms)};
  }
}

function cells(same: readonly number[], different: readonly number[]): DatasetRow['cells'] {
  const sum = (terms: readonly number[]) => sumOf(terms.length, (i) => terms[i] as number);
  const [sameSum, differentSum] = [sum(same), sum(different)];
  const count = same.length + different.length;
  return {
    '': (sameSum + differentSum) / count,
    ...(same.length > 0 && {same: sameSum / same.length}),
    ...(different.length > 0 && {different: differentSum / different.length}),
    count,
    same_count: same.length,
    different_count: different.length,
  };
}

/** `rowsOfPair`: how many rows a pair is in. */
function pairAggregates(columns: LossColumns, rowsOfPair: number) {
  const [same, different] = [
    weightedMean(columns, 'same', 'same_count'),
    weightedMean(columns, 'different', 'different_count'),
  ];
  return {
    parts: {same: {value: same}, different: {value: different}},
    whole: {
      value: weightedMean(columns, '', 'count'),
      count: total(columns, 'count') / rowsOfPair,
      same_count: total(columns, 'same_count') / rowsOfPair,
      different_count: total(columns, 'different_count') / rowsOfPair,
      mean_same: same,
      mean_different: different,
    },
  };
}
