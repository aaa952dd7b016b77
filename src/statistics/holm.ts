/**
 * Holm's step-down adjustment of p-values (Holm 1979): sorted ascending, the i-th (from 0) of m times m − i, made
 * monotone and at most 1. In the order given; a hypothesis is rejected at level α where its adjusted value is ≤ α, with
 * a family-wise error of at most α whatever their dependence.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((place, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * (pValues[place] as number)));
    adjusted[place] = largest;
  });
  return adjusted;
}
