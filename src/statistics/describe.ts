import {type Confidence, confidenceIntervals} from './confidence.js';
import {type Moments, moments} from './moments.js';
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
}

/** Describes each column of finite values. Sums run in the order of the values, so keep rows in key order. */
export function describeColumns(columns: readonly Float64Array[]): Description[] {
  const measured = columns.map((values) => ({values, moments: values.length === 0 ? null : moments(values)}));
  const intervals = confidenceIntervals(measured);
  return measured.map(({values, moments}, i) => {
    const {ci95, ci95_method} = intervals[i] as Confidence;
    return {...spread(values, moments), ci95: ci95 && [positiveZero(ci95[0]), positiveZero(ci95[1])], ci95_method};
  });
}

function spread(values: Float64Array, moments: Moments | null): Omit<Description, keyof Confidence> {
  const sorted = ascending(values);
  const at = (q: number) => (sorted.length === 0 ? null : positiveZero(quantile(sorted, q)));
  return {
    mean: moments && positiveZero(moments.mean),
    std: moments?.std ?? null,
    min: at(0),
    p05: at(0.05),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    max: at(1),
  };
}

/** A mean of subnormals may round to −0, which JSON cannot write. */
function positiveZero(value: number): number {
  return value + 0;
}
