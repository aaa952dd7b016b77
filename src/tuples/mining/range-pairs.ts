import type {Draws} from './draws.js';
import type {Negatives} from './negatives.js';
import {accepts, type MinedPair, type RangeStrategy, rangeOf} from './strategy.js';

/** A strategy, and how many negatives of a pair are drawn; Infinity for all. */
export interface RangeOptions {
  readonly strategy: RangeStrategy;
  readonly margin: number;
  readonly perPair: number;
}

/** The negatives that the strategy takes of each of an anchor's pairs: all, or so many drawn evenly. */
export function* rangePairs(negatives: Negatives, options: RangeOptions, draws: Draws): Generator<MinedPair> {
  const {index, positives, distances} = negatives.anchor;
  const near = reachable(negatives, options);
  for (const [i, positive] of positives.entries()) {
    const distance = distances[i] as number;
    const valid = validOf(near, negatives, options, distance);
    const taken = draws.subset(valid.length, options.perPair).map((k) => valid[k] as number);
    yield {
      anchor: index,
      positive,
      distance,
      negatives: taken,
      distances: taken.map((item) => negatives.distance(item)),
    };
  }
}

type Reachable = ReturnType<Negatives['within']>;

/** What some pair of the anchor may take. */
function reachable(negatives: Negatives, {strategy, margin}: RangeOptions): Reachable {
  const {anchor, error, exact} = negatives;
  const ranges = anchor.distances.map((distance) => rangeOf(strategy, margin, distance));
  const low = ranges.reduce((least, range) => Math.min(least, range.low), Infinity);
  const high = ranges.reduce((most, range) => Math.max(most, range.high), -Infinity);
  return negatives.within(exact.toSquared(low) - error, exact.toSquared(high) + error);
}

/** What a pair takes: decided by the approximate distance where it is farther from both ends than it may be off. */
function validOf({items, squared}: Reachable, negatives: Negatives, options: RangeOptions, positive: number): number[] {
  const {error, exact} = negatives;
  const {strategy, margin} = options;
  const {low, high} = rangeOf(strategy, margin, positive);
  const [start, end] = [exact.toSquared(low), exact.toSquared(high)];
  const valid: number[] = [];
  for (let i = 0; i < items.length; i++) {
    const [item, about] = [items[i] as number, squared[i] as number];
    if (about < start - error || about > end + error) continue;
    const isInside = about > start + error && about < end - error;
    if (isInside || accepts(strategy, margin, positive, negatives.distance(item))) valid.push(item);
  }
  return valid;
}
