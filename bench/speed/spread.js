/** `{median, min, max}` of some numbers. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const median = (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
  return {median, min: sorted[0], max: sorted.at(-1)};
}
