/** Losses of tuples as loops over all of them, in float64, straight from their formulas. */

export type Vectors = readonly (readonly number[])[];
export type Measure = 'squared-l2' | 'l2' | 'cosine';

export interface Triplet {
  readonly anchor: number;
  readonly positive: number;
  readonly negative: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]) => sum(values) / values.length;
export const dot = (x: readonly number[], y: readonly number[]) => sum(x.map((value, k) => value * (y[k] as number)));
export const unit = (x: readonly number[]) => x.map((value) => value / Math.sqrt(dot(x, x)));
const range = (n: number) => Array.from({length: n}, (_, i) => i);

export function distance(x: readonly number[], y: readonly number[], measure: Measure, normalize: boolean): number {
  if (measure === 'cosine') return 1 - dot(unit(x), unit(y));
  const [u, v] = normalize ? [unit(x), unit(y)] : [x, y];
  const squared = sum(u.map((value, k) => (value - (v[k] as number)) ** 2));
  return measure === 'l2' ? Math.sqrt(squared) : squared;
}

export function allTriplets(labels: readonly string[]): Triplet[] {
  const items = range(labels.length);
  return items.flatMap((anchor) =>
    items
      .filter((positive) => positive !== anchor && labels[positive] === labels[anchor])
      .flatMap((positive) =>
        items
          .filter((negative) => labels[negative] !== labels[anchor])
          .map((negative) => ({anchor, positive, negative})),
      ),
  );
}

export function allPairs(labels: readonly string[]): {first: number; second: number; same: boolean}[] {
  return range(labels.length).flatMap((first) =>
    range(labels.length)
      .filter((second) => second > first)
      .map((second) => ({first, second, same: labels[first] === labels[second]})),
  );
}

/** The terms of a softmax loss by anchor and positive: −ln(e^{s_ap} / (e^{s_ap} + Σ e^{s_an})). */
export function softmaxTerms(
  vectors: Vectors,
  labels: readonly string[],
  {temperature, normalize}: {temperature: number; normalize: boolean},
): {anchor: number; positive: number; value: number}[] {
  const rows = normalize ? vectors.map(unit) : vectors;
  const similarity = (i: number, j: number) => dot(rows[i] as number[], rows[j] as number[]) / temperature;
  const items = range(labels.length);
  return items.flatMap((anchor) =>
    items
      .filter((positive) => positive !== anchor && labels[positive] === labels[anchor])
      .map((positive) => {
        const against = items.filter((item) => labels[item] !== labels[anchor]);
        const shift = similarity(anchor, positive);
        const others = sum(against.map((item) => Math.exp(similarity(anchor, item) - shift)));
        return {anchor, positive, value: Math.log(1 + others)};
      }),
  );
}
