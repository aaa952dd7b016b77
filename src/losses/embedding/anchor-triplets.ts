import {sumOf} from '../../statistics/sum.js';
import type {Identities} from '../../tuples/identities.js';
import {countBelow, countUpTo} from '../../tuples/search.js';

/** What the triplets of one anchor, or one triplet, add up to. */
export interface TripletCounts {
  readonly count: number;
  /** d_an < d_ap + margin. */
  readonly active: number;
  /** d_an ≤ d_ap. */
  readonly hard: number;
  /** d_ap < d_an < d_ap + margin. */
  readonly semiHard: number;
  /** d_an ≥ d_ap + margin, and not hard. */
  readonly easy: number;
  /** Σ max(0, d_ap − d_an + margin), and the same without the maximum. */
  readonly clamped: number;
  readonly bare: number;
}

/** An anchor's distances to all items, and its positives. */
export interface Anchor {
  readonly index: number;
  readonly distances: Float64Array;
  readonly positives: readonly number[];
}

/** The distances to an anchor's negatives that can matter: at most the largest positive distance + margin. */
export interface Negatives {
  readonly count: number;
  /** Of all of them. */
  readonly sum: number;
  /** Ascending, the ones that can matter. */
  readonly near: Float64Array;
}

/** An anchor's negatives, the near ones sorted. */
export function negativesOf({index, distances, positives}: Anchor, {of}: Identities, margin: number): Negatives {
  const reach = positives.reduce((high, item) => Math.max(high, distances[item] as number), 0) + margin;
  const all = distances.filter((_, item) => of[item] !== of[index]);
  const near = all.filter((distance) => distance <= reach).sort();
  return {count: all.length, sum: sumOf(all.length, (i) => all[i] as number), near};
}

/**
 * Counts and sums over all triplets of an anchor, in O(n + near·log near + positives·log near): against negatives in
 * order, a positive's active ones are the first k, so that Σ (d_ap + margin − d_an) = k·(d_ap + margin) − prefix sum.
 */
export function countTriplets({distances, positives}: Anchor, negatives: Negatives, margin: number): TripletCounts {
  const {count: different, near, sum} = negatives;
  const prefix = prefixSums(near);
  const terms = positives.map((item) => {
    const distance = distances[item] as number;
    const active = countBelow(near, distance + margin);
    const hard = countUpTo(near, distance);
    const clamped = Math.max(0, active * (distance + margin) - (prefix[active] as number));
    return {...kinds(different, active, hard), clamped, bare: different * (distance + margin) - sum};
  });
  const add = (term: keyof TripletCounts) => sumOf(terms.length, (i) => (terms[i] as TripletCounts)[term]);
  return {
    count: add('count'),
    active: add('active'),
    hard: add('hard'),
    semiHard: add('semiHard'),
    easy: add('easy'),
    clamped: add('clamped'),
    bare: add('bare'),
  };
}

/** The counts of one triplet. */
export function countTriplet(positive: number, negative: number, margin: number): TripletCounts {
  const bare = positive - negative + margin;
  const [active, hard] = [negative < positive + margin, negative <= positive].map(Number) as [number, number];
  return {...kinds(1, active, hard), clamped: Math.max(0, bare), bare};
}

/** With margin 0 a tie is hard and not active; otherwise what is hard is active too. */
function kinds(count: number, active: number, hard: number): Omit<TripletCounts, 'clamped' | 'bare'> {
  const semiHard = Math.max(0, active - hard);
  return {count, active, hard, semiHard, easy: count - hard - semiHard};
}

/** prefix[k] = the sum of the first k values, each within about one rounding. */
function prefixSums(values: Float64Array): Float64Array {
  const prefix = new Float64Array(values.length + 1);
  let [sum, compensation] = [0, 0];
  values.forEach((value, i) => {
    const next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
    prefix[i + 1] = sum + compensation;
  });
  return prefix;
}
