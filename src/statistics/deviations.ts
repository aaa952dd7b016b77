/** Deviations from the mean, scaled where their squares would leave the float64 range. */
export interface Deviations {
  /** (value − mean) / scale. The scale is 1, or the largest deviation when that is very large or very small. */
  scaled(value: number): number;
  /** mean + d · scale for a scaled deviation d, without overflow on the way. */
  at(scaled: number): number;
  /** d · scale, without overflow on the way. */
  unscaled(scaled: number): number;
}

/** Past this a difference of two values may overflow, so halves are subtracted. */
const HALVED_ABOVE = 2 ** 1022;

/** Largest deviations between these need no scale. */
const PLAIN = [1e-140, 1e140] as const;

/** The deviations of finite values from their mean. */
export function deviationsFrom(mean: number, values: Float64Array): Deviations {
  const unit = values.some((value) => Math.abs(value) > HALVED_ABOVE) ? 0.5 : 1;
  const difference = (value: number) => value * unit - mean * unit;
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(difference(value)));
  const scale = largest === 0 || (largest >= PLAIN[0] && largest <= PLAIN[1]) ? 1 : largest;
  return {
    scaled: (value) => difference(value) / scale,
    at: (scaled) => (mean * unit + scaled * scale) / unit,
    unscaled: (scaled) => (scaled * scale) / unit,
  };
}
