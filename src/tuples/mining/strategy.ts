/** Which triplets of an anchor and a positive are mined. */
export const STRATEGIES = ['all', 'random', 'hard', 'semi-hard', 'distance-weighted'] as const;

/**
 * `all`: every negative. `random`: negatives drawn evenly. `hard`: d_an ≤ d_ap. `semi-hard`: d_ap < d_an < d_ap + margin.
 * `distance-weighted`: negatives drawn by one over the density of their distance (see weightedPairs).
 *
 * Source of hard and semi-hard: Schroff, Kalenichenko and Philbin, FaceNet, CVPR 2015, section 3.2.
 */
export type Strategy = (typeof STRATEGIES)[number];

/** The measures of `Measure` that triplets are mined by. */
export const TRIPLET_MEASURES = ['squared-l2', 'l2', 'cosine'] as const;
/** How far two vectors are apart. */
export type TripletMeasure = (typeof TRIPLET_MEASURES)[number];

/** Which triplets stay where a limit leaves some out: those with the smallest d_an − d_ap, or any, drawn evenly. */
export const KEEPS = ['hardest', 'random'] as const;
/** Which triplets stay where there are more than wanted. */
export type Keep = (typeof KEEPS)[number];

/** How triplets are mined. */
export interface MiningOptions {
  readonly strategy: Strategy;
  readonly measure: TripletMeasure;
  /** Whether vectors are divided by their length first; `distance-weighted` always does. */
  readonly normalize: boolean;
  /** Of semi-hard triplets. */
  readonly margin: number;
  readonly keep: Keep;
  /** At most so many negatives of a pair, triplets of an anchor, triplets in all. Infinity for no limit. */
  readonly perPair: number;
  readonly perAnchor: number;
  readonly count: number;
}

/** The negatives that were mined for an anchor and a positive, in the order of the set. */
export interface MinedPair {
  readonly anchor: number;
  readonly positive: number;
  /** d_ap. */
  readonly distance: number;
  readonly negatives: readonly number[];
  /** d_an of each. */
  readonly distances: readonly number[];
}

/** An item with others of its identity. */
export interface Anchor {
  readonly index: number;
  /** The others, ascending, and the d_ap of each. */
  readonly positives: readonly number[];
  readonly distances: readonly number[];
  /** The identity's items, the anchor among them, ascending. */
  readonly members: readonly number[];
}

/** The strategies that take the negatives whose distance lies in a range. */
export type RangeStrategy = 'all' | 'hard' | 'semi-hard';

/** Whether a strategy takes a negative at d_an with a positive at d_ap. */
export function accepts(strategy: RangeStrategy, margin: number, positive: number, negative: number): boolean {
  if (strategy === 'all') return true;
  if (strategy === 'hard') return negative <= positive;
  return negative > positive && negative < positive + margin;
}

/** No negative of a strategy is at or below `low`, or above `high`. */
export function rangeOf(strategy: RangeStrategy, margin: number, positive: number): {low: number; high: number} {
  if (strategy === 'all') return {low: -Infinity, high: Infinity};
  if (strategy === 'hard') return {low: -Infinity, high: positive};
  return {low: positive, high: positive + margin};
}
