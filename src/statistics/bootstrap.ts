import {deviationsFrom} from './deviations.js';
import {moments} from './moments.js';
import {ascending, quantile} from './quantile.js';
import {seededBits} from './seeded-bits.js';

/** Resamples drawn for an interval unless more are asked for: the 2.5 % bounds then rest on 50 means each side. */
const RESAMPLES = 2000;

const SEED = 20_240_501;

/**
 * 95 % confidence intervals of the mean by the percentile bootstrap (Efron 1979): of `resamples` (2,000) resamples of n
 * rows drawn with replacement, the 2.5 % and 97.5 % quantiles of their means.
 *
 * All columns must have the same number n ≥ 1 of finite values, at most 2³². Rows are drawn once for all columns;
 * the drawing depends on n and a fixed seed alone (xoroshiro128+, integer arithmetic), so a column's interval
 * does not change with the columns beside it, the machine or the version of Node.
 */
export function bootstrapMeans(columns: readonly Float64Array[], resamples = RESAMPLES): (readonly [number, number])[] {
  const n = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== n)) throw new RangeError('bootstrapMeans: columns differ in length');
  const deviations = columns.map((column) => {
    const {scaled, at} = deviationsFrom(moments(column).mean, column);
    return {scaled: column.map(scaled), at};
  });
  const means = columns.map(() => new Float64Array(resamples));
  const rows = new Uint32Array(n);
  const random = seededBits(SEED);
  for (let resample = 0; resample < resamples; resample++) {
    // 32 random bits times n, upper half: an integer in [0, n) whose bias is under n / 2³².
    for (let i = 0; i < n; i++) rows[i] = Math.floor((random.next() >>> 0) * 2 ** -32 * n);
    deviations.forEach(({scaled}, c) => {
      (means[c] as Float64Array)[resample] = meanOfRows(scaled, rows);
    });
  }
  return deviations.map(({at}, c) => {
    const sorted = ascending(means[c] as Float64Array);
    // A mean of the values lies among them; rounding may put it just outside.
    const [low, high] = extremes(columns[c] as Float64Array);
    const within = (q: number) => Math.min(high, Math.max(low, at(quantile(sorted, q))));
    return [within(0.025), within(0.975)] as const;
  });
}

function extremes(values: Float64Array): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** Four running sums, so that an addition need not wait for the one before it: twice as fast. */
function meanOfRows(values: Float64Array, rows: Uint32Array): number {
  const n = rows.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    a += values[rows[i] as number] as number;
    b += values[rows[i + 1] as number] as number;
    c += values[rows[i + 2] as number] as number;
    d += values[rows[i + 3] as number] as number;
  }
  for (; i < n; i++) a += values[rows[i] as number] as number;
  return (a + b + (c + d)) / n;
}
