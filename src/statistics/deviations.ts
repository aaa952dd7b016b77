/** Deviations from the mean, divided so that neither their sums nor their squares leave the float64 range. */
export interface Deviations {
  /** (value − mean) / largest, in [−1, 1]. */
  readonly scaled: Float64Array;
  /** mean + d · largest for a scaled deviation d, without overflow on the way. */
  at(scaled: number): number;
  /** d · largest, without overflow on the way. */
  unscaled(scaled: number): number;
}

/** Past this a difference of two values may overflow, so halves are subtracted. */
const HALVED_ABOVE = 2 ** 1022;

/** The deviations of finite values from their mean. */
export function deviationsFrom(mean: number, values: Float64Array): Deviations {
  const unit = values.some((value) => Math.abs(value) > HALVED_ABOVE) ? 0.5 : 1;
  const difference = (value: number) => value * unit - mean * unit;
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(difference(value)));
  return {
    scaled: largest === 0 ? new Float64Array(values.length) : values.map((value) => difference(value) / largest),
    at: (scaled) => (mean * unit + scaled * largest) / unit,
    unscaled: (scaled) => (scaled * largest) / unit,
  };
}
