import type {RowRange} from '../../kernels/row-products.js';
import type {Identities} from '../identities.js';
import {storedVectors, unitVectors, type VectorSet} from '../vectors.js';
import {approximate} from './approximation.js';
import {Draws, type RandomBits} from './draws.js';
import {ExactDistances} from './exact-distances.js';
import {selection} from './kept.js';
import {nearestPairs} from './nearest-pairs.js';
import {Negatives} from './negatives.js';
import {productRows} from './product-rows.js';
import {randomPairs} from './random-pairs.js';
import {rangePairs} from './range-pairs.js';
import type {MakeRowProducts} from './row-products.js';
import type {Anchor, MinedPair, MiningOptions} from './strategy.js';
import {BucketWeights, weightedPairs} from './weighted-pairs.js';

/** What mining draws from and computes with. */
export interface MiningMeans {
  readonly bits: RandomBits;
  readonly makeProducts: MakeRowProducts;
}

/** The items that have a positive and so are anchors. */
export function anchorsOf({of, members}: Identities): Int32Array {
  return of.map((_, item) => item).filter((item) => (members[of[item] as number] as readonly number[]).length > 1);
}

/**
 * Mines the triplets of a set: (a, p, n) with a and p ≠ a of one identity and n of another, in the order of the set by
 * anchor, positive, negative; each pair of one identity both ways. Gives the pairs of an anchor at a time, for every
 * anchor; with a limit `count` they are all empty, and one more turn has what stays. An anchor's pairs must be used
 * before the next anchor is asked for.
 *
 * Distances are float64's, those of `distancesIn`. Float32 products only tell which of them are needed, so that the
 * triplets are the same whatever computes the products. Takes memory for the vectors three times and a block of
 * products. Throws UsageError for a vector that the options cannot take, as `distancesIn`.
 */
export async function* mineTriplets(
  set: VectorSet,
  identities: Identities,
  options: MiningOptions,
  {bits, makeProducts}: MiningMeans,
): AsyncGenerator<Iterable<MinedPair>> {
  const needsUnit = options.measure === 'cosine' || options.strategy === 'distance-weighted';
  const rows = options.normalize || needsUnit ? unitVectors(set, !needsUnit) : storedVectors(set);
  const draws = new Draws(bits);
  const {keep, perAnchor, count} = options;
  const whole = Number.isFinite(count) ? selection(keep, count, draws) : null;
  for await (const mined of anchorPairs({rows, identities, options, draws, makeProducts})) {
    const pairs = Number.isFinite(perAnchor) ? limited(mined, selection(keep, perAnchor, draws)) : mined;
    if (whole) for (const pair of pairs) whole.offer(pair);
    yield whole ? [] : pairs;
  }
  if (whole) yield whole.pairs();
}

function limited(pairs: Iterable<MinedPair>, chosen: ReturnType<typeof selection>): MinedPair[] {
  for (const pair of pairs) chosen.offer(pair);
  return chosen.pairs();
}

interface Work {
  readonly rows: RowRange;
  readonly identities: Identities;
  readonly options: MiningOptions;
  readonly draws: Draws;
  readonly makeProducts: MakeRowProducts;
}

/** The pairs of each anchor, with the limits of a pair. */
async function* anchorPairs(work: Work): AsyncGenerator<Iterable<MinedPair>> {
  const {rows, identities, options, draws} = work;
  const {strategy, keep, perPair} = options;
  const exact = new ExactDistances(rows, options.measure);
  const anchors = anchorsOf(identities);
  const isDrawn = strategy === 'random' || (strategy === 'all' && (keep === 'random' || closest(options) === Infinity));
  if (isDrawn) {
    for (const item of anchors) {
      yield randomPairs(anchorOf(item, identities, exact), {total: rows.count, perPair, exact, draws});
    }
    return;
  }
  const approximation = approximate(rows);
  const products = await work.makeProducts(approximation.vectors, rows.dimensions);
  const weights = new BucketWeights(rows.dimensions);
  try {
    let at = 0;
    for await (const row of productRows(products, anchors, rows.count)) {
      const anchor = anchorOf(anchors[at++] as number, identities, exact);
      yield pairsOf(new Negatives(anchor, row, approximation, exact), weights, work);
    }
  } finally {
    await products.close();
  }
}

function pairsOf(negatives: Negatives, weights: BucketWeights, {options, draws}: Work): Iterable<MinedPair> {
  const {strategy, margin, keep, perPair} = options;
  if (strategy === 'distance-weighted') return weightedPairs(negatives, weights, perPair, draws);
  // What comes here is never `random`.
  const range = {strategy: strategy === 'random' ? 'all' : strategy, margin} as const;
  const nearest = closest(options);
  if (keep === 'random' || nearest === Infinity) return rangePairs(negatives, {...range, perPair}, draws);
  return nearestPairs(negatives, {...range, perPair: nearest});
}

/** Where the hardest stay, no pair has more of them than any limit says, and they are its nearest negatives. */
function closest({keep, perPair, perAnchor, count}: MiningOptions): number {
  return keep === 'hardest' ? Math.min(perPair, perAnchor, count) : perPair;
}

function anchorOf(index: number, {of, members: all}: Identities, exact: ExactDistances): Anchor {
  const members = all[of[index] as number] as readonly number[];
  const positives = members.filter((item) => item !== index);
  return {index, members, positives, distances: positives.map((item) => exact.between(index, item))};
}
