import {bootstrapMeans} from './bootstrap.js';
import type {Moments} from './moments.js';

/** A 95 % confidence interval of a mean and how it was made; null for fewer than two values. */
export interface Confidence {
  readonly ci95: readonly [number, number] | null;
  readonly ci95_method: 'bootstrap' | 'normal' | null;
}

/** Values up to which the bootstrap is drawn; above, the mean is as good as normal. */
const BOOTSTRAP_ROWS = 10_000;

/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/** Finite values with their moments. */
export interface MeasuredColumn {
  readonly values: Float64Array;
  readonly moments: Moments | null;
}

/**
 * The 95 % confidence interval of each column's mean: a seeded percentile bootstrap (see bootstrapMeans) for 2 to
 * 10,000 values, above that mean ± 1.96·std/√n. A column's interval depends on its own values alone.
 */
export function confidenceIntervals(columns: readonly MeasuredColumn[]): Confidence[] {
  const intervals: Confidence[] = columns.map(({values, moments}) => normalInterval(values.length, moments));
  for (const places of placesByLength(columns)) {
    const bounds = bootstrapMeans(places.map((place) => (columns[place] as MeasuredColumn).values));
    places.forEach((place, i) => {
      intervals[place] = {ci95: bounds[i] ?? null, ci95_method: 'bootstrap'};
    });
  }
  return intervals;
}

function normalInterval(n: number, moments: Moments | null): Confidence {
  if (moments === null || moments.std === null) return {ci95: null, ci95_method: null};
  const half = (Z * moments.std) / Math.sqrt(n);
  return {ci95: [moments.mean - half, moments.mean + half], ci95_method: 'normal'};
}

/** Places of the columns to bootstrap; those of equal length share the drawing of rows. */
function placesByLength(columns: readonly MeasuredColumn[]): Iterable<number[]> {
  const places = new Map<number, number[]>();
  columns.forEach(({values}, place) => {
    if (values.length < 2 || values.length > BOOTSTRAP_ROWS) return;
    places.set(values.length, [...(places.get(values.length) ?? []), place]);
  });
  return places.values();
}
