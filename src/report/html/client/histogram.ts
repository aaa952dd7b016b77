/** How many values lie in each of some ranges of equal width. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: Float64Array;
}

/** The histogram of the finite values; null where there is none. One value alone gets a range around it. */
export function histogramOf(values: Float64Array, bins?: number): Histogram | null {
  let [low, high, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    count++;
  }
  if (count === 0) return null;
  if (low === high) {
    const around = low === 0 ? 0.5 : Math.abs(low) * 0.05;
    [low, high] = [low - around, high + around];
  }
  const counts = new Float64Array(bins ?? binCount(values, count, high - low));
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    // A share is no number where the range is beyond what a float64 can tell apart: the first bar then.
    const bin = Math.min(counts.length - 1, Math.floor(((value - low) / (high - low)) * counts.length) || 0);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return {low, high, counts};
}

/** Bins by Freedman and Diaconis (1981): a width of 2·IQR/∛n, 8 at least and 80 at most. */
function binCount(values: Float64Array, count: number, range: number): number {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  const quartile = (share: number) => sorted[Math.floor(share * (count - 1))] as number;
  const width = (2 * (quartile(0.75) - quartile(0.25))) / Math.cbrt(count);
  return width > 0 ? Math.max(8, Math.min(80, Math.ceil(range / width))) : 24;
}
