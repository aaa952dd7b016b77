/**
 * Σ term(i) for i = 0 … length − 1 in float64 with Neumaier's compensation, so that the error is about one
 * rounding of the result rather than of every step (Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur
 * Summation endlicher Summen").
 *
 * Terms are added in the order of their index. Callers keep rows in key order, so a set of rows has one sum,
 * bit for bit, however it was batched, sharded or resumed. Terms must be finite; a sum beyond the float64 range
 * is ±Infinity.
 */
export function sumOf(length: number, term: (index: number) => number): number {
  let sum = 0;
  let compensation = 0;
  for (let i = 0; i < length; i++) {
    const value = term(i);
    const next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + compensation : sum;
}
