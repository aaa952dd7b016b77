import {BucketCurve} from './bucket-curve.js';
import type {Distances} from './distances.js';
import {ExactCurve} from './exact-curve.js';
import type {Identities} from './identities.js';

/** Pairs of items by distance, when a pair is accepted as the same identity at a distance of at most a threshold. */
export interface VerificationCurve {
  /** Pairs of one identity, and of two. */
  readonly same: number;
  readonly different: number;
  /** The chance that a same pair is nearer than a different one; a tie is half. */
  readonly auc: number;
  /** Ascending and distinct: those at which the accepted same pairs change. */
  readonly thresholds: Float64Array;
  /** Pairs accepted at each threshold. */
  readonly acceptedSame: Float64Array;
  readonly acceptedDifferent: Float64Array;
  /** Whether every distance was compared as it is, or counted in buckets. */
  readonly method: 'exact' | 'histogram';
}

/** Takes the distances of pairs. */
export interface CurveBuilder {
  addDifferent(distance: number): void;
  finish(): VerificationCurve;
}

/** Same pairs whose distances are kept: 128 MiB of them, and as much again beside them. */
const EXACT_UP_TO = 2 ** 24;

/**
 * The curve of all unordered pairs of a set. Exact up to `exactUpTo` (16,777,216) pairs of one identity, whatever the
 * number of different pairs: only the former are kept. Above, both are counted in buckets of relative width 2⁻¹⁴.
 * Distances must not be negative; there must be pairs of both kinds.
 */
export function curveOfAllPairs(
  distances: Distances,
  identities: Identities,
  exactUpTo = EXACT_UP_TO,
): VerificationCurve {
  const same = identities.members.reduce((sum, {length}) => sum + (length * (length - 1)) / 2, 0);
  const exact = same <= exactUpTo;
  const builder = exact ? new ExactCurve(sameDistances(distances, identities, same)) : new BucketCurve();
  for (const {index, distances: row} of distances.rows()) {
    const identity = identities.of[index];
    for (let j = index + 1; j < row.length; j++) {
      if (identities.of[j] !== identity) builder.addDifferent(row[j] as number);
      else if (builder instanceof BucketCurve) builder.addSame(row[j] as number);
    }
  }
  return builder.finish();
}

/** The curve of listed pairs; null unless there are pairs of both kinds. */
export function curveOfPairs(
  distances: Distances,
  pairs: readonly {readonly first: number; readonly second: number; readonly same: boolean}[],
): VerificationCurve | null {
  const measured = (same: boolean) =>
    Float64Array.from(
      pairs.filter((pair) => pair.same === same),
      ({first, second}) => distances.between(first, second),
    );
  const [same, different] = [measured(true), measured(false)];
  if (same.length === 0 || different.length === 0) return null;
  const builder = new ExactCurve(same);
  for (const distance of different) builder.addDifferent(distance);
  return builder.finish();
}

function sameDistances(distances: Distances, {members}: Identities, count: number): Float64Array {
  const same = new Float64Array(count);
  let at = 0;
  for (const items of members) {
    items.forEach((first, i) => {
      for (let j = i + 1; j < items.length; j++) same[at++] = distances.between(first, items[j] as number);
    });
  }
  return same;
}
