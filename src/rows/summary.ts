/** The statistics of one column over finite rows. A number may be ±Infinity (`mean` and `value` when no finite row exists) or null (no row at all). */
export interface ColumnSummary {
  /** The loss over the dataset: the mean of the rows unless the loss says otherwise. */
  readonly value: number | null;
  /** Rows that have a number, infinite ones included. */
  readonly count: number;
  /** Rows that have no value; they are left out of the statistics. */
  readonly undefined: number;
  /** Rows whose value is infinite; they are left out of the statistics. */
  readonly infinite: number;
  /** The mean of the finite values; infinite where there is none but infinite ones. */
  readonly mean: number | null;
  /** Sample standard deviation (n − 1); null for fewer than two finite rows. */
  readonly std: number | null;
  /** The least value. */
  readonly min: number | null;
  /** The 5th percentile, interpolated linearly, as the others. */
  readonly p05: number | null;
  /** The 25th percentile. */
  readonly p25: number | null;
  /** The 50th percentile. */
  readonly median: number | null;
  /** The 75th percentile. */
  readonly p75: number | null;
  /** The 95th percentile. */
  readonly p95: number | null;
  /** The largest value. */
  readonly max: number | null;
  /** 95 % confidence interval of the mean; null for fewer than two finite rows. */
  readonly ci95: readonly [number, number] | null;
  /** How the interval was computed: by bootstrap, or from the normal distribution where there are many rows. */
  readonly ci95_method: 'bootstrap' | 'normal' | null;
  /** A loss's own aggregates (`dataset`, `earth_movers_distance`, …). */
  readonly [extra: string]: unknown;
}

/** By column name. */
export type Summary = Readonly<Record<string, ColumnSummary>>;
