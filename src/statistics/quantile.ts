/** The values in ascending order, in an array of its own. */
export function ascending(values: Float64Array): Float64Array {
  return values.slice().sort();
}

/**
 * The quantile of sorted values, linearly interpolated between the two nearest ranks: rank q·(n − 1), Hyndman and
 * Fan's definition 7, numpy's and R's default. `q` in [0, 1]; values finite and ascending, at least one.
 */
export function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0 || !(q >= 0 && q <= 1)) {
    throw new RangeError(`quantile: expected at least one value and q in [0, 1], got ${sorted.length} values and ${q}`);
  }
  const rank = q * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return between(low, high, rank - below);
}

/** low + t·(high − low), monotone in t and exact at both ends, without overflow. */
function between(low: number, high: number, t: number): number {
  const step = high - low;
  if (!Number.isFinite(step)) return low * (1 - t) + high * t;
  return t < 0.5 ? low + step * t : high - step * (1 - t);
}
