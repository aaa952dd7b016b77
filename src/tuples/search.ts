/** How many of the ascending values are below `value`. */
export function countBelow(sorted: Float64Array, value: number): number {
  return firstIndex(sorted.length, (i) => (sorted[i] as number) >= value);
}

/** How many of the ascending values are at most `value`. */
export function countUpTo(sorted: Float64Array, value: number): number {
  return firstIndex(sorted.length, (i) => (sorted[i] as number) > value);
}

/** The first index in 0 … length − 1 where a condition holds that holds from there on; `length` where it never does. */
export function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
