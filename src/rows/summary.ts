/** The statistics of one column over finite rows. A number may be ±Infinity (`mean` and `value` when no finite row exists) or null (no row at all). */
export interface ColumnSummary {
  /** The loss over the dataset: the mean of the rows unless the loss says otherwise. */
  readonly value: number | null;
  /** Rows that have a number, infinite ones included. */
  readonly count: number;
  readonly undefined: number;
  readonly infinite: number;
  readonly mean: number | null;
  /** Sample standard deviation (n − 1); null for fewer than two finite rows. */
  readonly std: number | null;
  readonly min: number | null;
  readonly p05: number | null;
  readonly p25: number | null;
  readonly median: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  /** 95 % confidence interval of the mean; null for fewer than two finite rows. */
  readonly ci95: readonly [number, number] | null;
  readonly ci95_method: 'bootstrap' | 'normal' | null;
  /** A loss's own aggregates (`dataset`, `earth_movers_distance`, …). */
  readonly [extra: string]: unknown;
}

/** By column name. */
export type Summary = Readonly<Record<string, ColumnSummary>>;
