import type {Direction} from '../rows/row.js';
import {bootstrapMeans} from '../statistics/bootstrap.js';
import {moments} from '../statistics/moments.js';
import {signFlipTest} from '../statistics/sign-flip.js';

/** How a column changed from a baseline to a candidate. */
export type Verdict = 'better' | 'same' | 'worse' | 'inconclusive';

/** By how much a mean may worsen: the larger of the two counts; `relative` is a share of the baseline's mean. */
export interface ChangeLimit {
  readonly absolute: number;
  readonly relative: number;
}

/** A column's values in both runs, pair by pair: each a number, infinite or not. */
export interface PairedColumn {
  readonly name: string;
  readonly better: Exclude<Direction, 'none'>;
  readonly baseline: Float64Array;
  readonly candidate: Float64Array;
}

/** A column's change before the verdict, which looks at all columns. */
export interface Change {
  readonly name: string;
  readonly better: Direction;
  /** Pairs with a number in both runs. */
  readonly pairs: number;
  /** Of these, pairs with an infinite number in one run and another one in the other. */
  readonly infinite: number;
  /** Means over the pairs that are finite in both. */
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** candidate − baseline over the same pairs. */
  readonly difference: number | null;
  /** 95 % bootstrap interval of the difference. */
  readonly ci95: readonly [number, number] | null;
  /** Mean worsening: the difference, signed so that above zero is worse. */
  readonly worsening: number | null;
  /** The margin within which a change is none. */
  readonly margin: number;
  /** One-sided p-values of the sign-flip test against a change beyond the margin; 1 without pairs. */
  readonly pWorse: number;
  readonly pBetter: number;
  /** Whether every pair has the same number in both runs. */
  readonly identical: boolean;
}

const RESAMPLES = 10_000;

/**
 * A column's paired change. Infinite ranks above finite: a pair that became (or was) infinite counts in the test as
 * much as the largest finite change of the column, and is left out of means and interval.
 */
export function changeOf({name, better, baseline, candidate}: PairedColumn, limit: ChangeLimit): Change {
  const sign = better === 'lower' ? 1 : -1;
  const worsening = baseline.map((value, i) => sign * changed(value, candidate[i] as number));
  const finite = [...worsening.keys()].filter((i) => Number.isFinite(baseline[i]) && Number.isFinite(candidate[i]));
  const pick = (values: Float64Array) => Float64Array.from(finite, (i) => values[i] as number);
  const differences = pick(worsening).map((value) => sign * value);
  const meanOf = (values: Float64Array) => (values.length === 0 ? null : moments(values).mean);
  const means = {baseline: meanOf(pick(baseline)), candidate: meanOf(pick(candidate))};
  const margin = Math.max(limit.absolute, limit.relative * Math.abs(means.baseline ?? 0));
  const scores = capped(worsening);
  const difference = meanOf(differences);
  const tested = scores.length > 0;
  return {
    name,
    better,
    pairs: baseline.length,
    infinite: worsening.filter((value) => !Number.isFinite(value)).length,
    ...means,
    difference,
    ci95: differences.length < 2 ? null : (bootstrapMeans([differences], RESAMPLES)[0] ?? null),
    worsening: difference === null ? null : sign * difference,
    margin,
    pWorse: tested ? signFlipTest(scores.map((value) => value - margin)).greater : 1,
    pBetter: tested ? signFlipTest(scores.map((value) => value + margin)).less : 1,
    identical: worsening.every((value) => value === 0),
  };
}

/** candidate − baseline, 0 where they are equal, infinite ones included. */
function changed(baseline: number, candidate: number): number {
  return baseline === candidate ? 0 : candidate - baseline;
}

/** Infinite changes as large as the largest finite one. */
function capped(values: Float64Array): Float64Array {
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const bound = largest === 0 ? 1 : largest;
  return values.map((value) => Math.max(-bound, Math.min(bound, value)));
}
