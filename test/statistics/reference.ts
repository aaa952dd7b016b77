import {readFileSync} from 'node:fs';

/** A set of values and its statistics by numpy, scipy and exact rationals. */
interface ReferenceSet {
  readonly values: readonly number[];
  /** Null beyond float64. */
  readonly sum: number | null;
  readonly mean: number;
  readonly std: number | null;
  readonly quantiles: readonly number[];
  readonly bootstrap: readonly [number, number] | null;
}

interface Reference {
  readonly probabilities: readonly number[];
  readonly sets: Readonly<Record<string, ReferenceSet>>;
  readonly long: {
    readonly count: number;
    readonly step: number;
    readonly mean: number;
    readonly std: number;
    readonly normal: readonly [number, number];
  };
}

export const reference: Reference = JSON.parse(
  readFileSync(new URL('../../fixtures/statistics.json', import.meta.url), 'utf8'),
);

export const sets = Object.entries(reference.sets);

/** The long set's values, made as its script makes them. */
export function longValues(count = reference.long.count): Float64Array {
  return Float64Array.from({length: count}, (_, i) => (i * reference.long.step) % 1);
}

/** How far two numbers are apart, relative to the second. */
export function relativeError(actual: number, expected: number): number {
  return actual === expected ? 0 : Math.abs(actual / expected - 1);
}
