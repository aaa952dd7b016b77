import {deviationsFrom} from './deviations.js';
import {sumOf} from './sum.js';

/** Mean and spread of finite values. */
export interface Moments {
  readonly mean: number;
  /** √(Σ(x − mean)² / (n − 1)); null for fewer than two values. */
  readonly std: number | null;
}

/**
 * Mean and sample standard deviation (n − 1), in two passes with compensated sums in index order. Exact to about
 * one rounding for any finite float64 values, up to the largest and down to the smallest. Needs at least one value.
 */
export function moments(values: Float64Array): Moments {
  const n = values.length;
  if (n === 0) throw new RangeError('moments: expected at least one value');
  const mean = meanOf(values);
  return {mean, std: n < 2 ? null : deviation(values, mean)};
}

function meanOf(values: Float64Array): number {
  const n = values.length;
  const sum = sumOf(n, (i) => values[i] as number);
  if (Number.isFinite(sum)) return sum / n;
  return sumOf(n, (i) => (values[i] as number) / n);
}

function deviation(values: Float64Array, mean: number): number {
  const n = values.length;
  const {scaled, unscaled} = deviationsFrom(mean, values);
  const squares = sumOf(n, (i) => scaled(values[i] as number) ** 2);
  // What the rounding of the mean left over (Chan, Golub and LeVeque 1983, equation 1.7).
  const residue = sumOf(n, (i) => scaled(values[i] as number));
  return unscaled(Math.sqrt(Math.max(0, squares - residue ** 2 / n) / (n - 1)));
}
