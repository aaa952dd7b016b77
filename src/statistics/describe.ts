import {type Confidence, confidenceIntervals} from './confidence.js';
import {LogHistogram} from './log-histogram.js';
import {moments} from './moments.js';
import {ascending, quantile} from './quantile.js';

/** The usual statistics of finite values; null where there are too few. */
export interface Description extends Confidence {
  readonly mean: number | null;
  /** n − 1; null for fewer than two values. */
  readonly std: number | null;
  readonly min: number | null;
  readonly p05: number | null;
  readonly p25: number | null;
  readonly median: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  /** There where the quantiles are those of a histogram (see LogHistogram), since the values are too many to sort. */
  readonly quantile_method?: 'histogram';
}

/** Values up to which quantiles are exact: sorting takes eight bytes a value beside the values. */
const SORTED_AT_MOST = 2 ** 24;

/** Describes each column of finite values. Sums run in the order of the values, so keep rows in key order. */
export function describeColumns(columns: readonly Float64Array[], sortedAtMost = SORTED_AT_MOST): Description[] {
  const measured = columns.map((values) => ({values, moments: values.length === 0 ? null : moments(values)}));
  const intervals = confidenceIntervals(measured);
  return measured.map(({values, moments}, i) => {
    const {ci95, ci95_method} = intervals[i] as Confidence;
    const quantiles = values.length > sortedAtMost ? histogramQuantiles(values) : exactQuantiles(values);
    return {
      mean: moments && positiveZero(moments.mean),
      std: moments?.std ?? null,
      ...quantiles,
      ci95: ci95 && [positiveZero(ci95[0]), positiveZero(ci95[1])],
      ci95_method,
    };
  });
}

type Quantiles = Omit<Description, keyof Confidence | 'mean' | 'std'>;

const QUANTILES = {min: 0, p05: 0.05, p25: 0.25, median: 0.5, p75: 0.75, p95: 0.95, max: 1};

function exactQuantiles(values: Float64Array): Quantiles {
  const sorted = ascending(values);
  return named((qs) => qs.map((q) => (sorted.length === 0 ? null : quantile(sorted, q))));
}

function histogramQuantiles(values: Float64Array): Quantiles {
  const histogram = new LogHistogram();
  for (const value of values) histogram.add(value);
  return {...named((qs) => histogram.quantiles(qs)), quantile_method: 'histogram'};
}

function named(quantilesAt: (qs: readonly number[]) => readonly (number | null)[]): Quantiles {
  const values = quantilesAt(Object.values(QUANTILES));
  const entries = Object.keys(QUANTILES).map((name, i) => [name, values[i] == null ? null : positiveZero(values[i])]);
  return Object.fromEntries(entries) as Record<keyof typeof QUANTILES, number | null>;
}

/** A mean of subnormals may round to −0, which JSON cannot write. */
function positiveZero(value: number): number {
  return value + 0;
}
