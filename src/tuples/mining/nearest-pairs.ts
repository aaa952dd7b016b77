import {firstIndex} from '../search.js';
import type {Negatives} from './negatives.js';
import {SmallestOf} from './smallest-of.js';
import {accepts, type MinedPair, type RangeStrategy, rangeOf} from './strategy.js';

/** A strategy, and how many negatives of a pair it takes. */
export interface NearestOptions {
  readonly strategy: RangeStrategy;
  readonly margin: number;
  readonly perPair: number;
}

/** The nearest negatives that the strategy takes of each of an anchor's pairs: at equal distance, those that come first. */
export function nearestPairs(negatives: Negatives, options: NearestOptions): MinedPair[] {
  const {strategy, margin, perPair} = options;
  const {index, positives, distances} = negatives.anchor;
  const near = candidates(negatives, options).map((item) => ({item, distance: negatives.distance(item)}));
  near.sort((a, b) => a.distance - b.distance || a.item - b.item);
  return positives.map((positive, i) => {
    const own = distances[i] as number;
    const {low} = rangeOf(strategy, margin, own);
    const first = firstIndex(near.length, (k) => (near[k] as (typeof near)[0]).distance > low);
    const taken = near
      .slice(first, first + perPair)
      .filter(({distance}) => accepts(strategy, margin, own, distance))
      .sort((a, b) => a.item - b.item);
    return {
      anchor: index,
      positive,
      distance: own,
      negatives: taken.map(({item}) => item),
      distances: taken.map(({distance}) => distance),
    };
  });
}

/** The negatives beyond the d_ap of some pairs, up to the next larger d_ap; squared distances. */
interface Bucket {
  readonly start: number;
  /** No strategy takes what is farther. */
  readonly end: number;
  readonly nearest: SmallestOf;
}

/**
 * Items among which are the nearest ones that a strategy takes of every pair. A negative belongs to the last bucket that
 * it is surely in, and is of use only where fewer than `perPair` of the bucket's are surely nearer, since these are
 * beyond the d_ap of every earlier bucket too. One that may lie on either side of a start is always kept. Nothing is of
 * use beyond the limit of the last bucket, whose negatives are the farthest.
 */
function candidates(negatives: Negatives, options: NearestOptions): number[] {
  const {error} = negatives;
  const buckets = bucketsOf(negatives, options);
  const limitOf = ({end, nearest}: Bucket) => Math.min(end, nearest.bound + 2 * error);
  const [first, last] = [buckets[0] as Bucket, buckets.at(-1) as Bucket];
  const items: number[] = [];
  negatives.scan(first.start - error, limitOf(last), (item, squared) => {
    const surely = firstIndex(buckets.length, (k) => !((buckets[k] as Bucket).start + error < squared));
    const perhaps = firstIndex(buckets.length, (k) => !((buckets[k] as Bucket).start - error <= squared));
    const bucket = buckets[surely - 1];
    const useful = bucket !== undefined && squared <= limitOf(bucket);
    if (useful || perhaps > surely) items.push(item);
    if (useful) bucket.nearest.offer(squared);
    return limitOf(last);
  });
  return items;
}

function bucketsOf({anchor, error, exact}: Negatives, {strategy, margin, perPair}: NearestOptions): Bucket[] {
  const ascending = [...new Set(anchor.distances)].sort((a, b) => a - b);
  // Only what is semi-hard has a nearest distance, so that pairs differ in where they begin.
  return (strategy === 'semi-hard' ? ascending : ascending.slice(-1)).map((distance) => {
    const {low, high} = rangeOf(strategy, margin, distance);
    return {
      start: exact.toSquared(low),
      end: exact.toSquared(high) + error,
      nearest: new SmallestOf(perPair),
    };
  });
}
