import {seededBits} from '../../../src/statistics/seeded-bits.js';
import {distancesIn} from '../../../src/tuples/distances.js';
import {identitiesOf} from '../../../src/tuples/identities.js';
import {mineTriplets} from '../../../src/tuples/mining/mine.js';
import {kernelProducts, type MakeRowProducts} from '../../../src/tuples/mining/row-products.js';
import type {MiningOptions} from '../../../src/tuples/mining/strategy.js';
import type {VectorSet} from '../../../src/tuples/vectors.js';

/** A triplet by its places, with d_ap and d_an. */
export type Triplet = readonly [anchor: number, positive: number, negative: number, ap: number, an: number];

/** Vectors and who is who. */
export interface Labelled {
  readonly set: VectorSet;
  readonly labels: readonly string[];
}

export const UNLIMITED = {
  measure: 'squared-l2',
  normalize: true,
  margin: 0.2,
  keep: 'hardest',
  perPair: Infinity,
  perAnchor: Infinity,
  count: Infinity,
} as const;

/** What the miner gives, as a list. */
export async function mined(
  {set, labels}: Labelled,
  options: MiningOptions,
  {seed = 0, makeProducts = kernelProducts}: {seed?: number; makeProducts?: MakeRowProducts} = {},
): Promise<Triplet[]> {
  const triplets: Triplet[] = [];
  const means = {bits: seededBits(seed), makeProducts};
  for await (const pairs of mineTriplets(set, identitiesOf(labels), options, means)) {
    for (const {anchor, positive, distance, negatives, distances} of pairs) {
      negatives.forEach((negative, i) => {
        triplets.push([anchor, positive, negative, distance, distances[i] as number]);
      });
    }
  }
  return triplets;
}

/** Every triplet that a strategy's definition takes, from all distances: the definitions of the papers, word for word. */
export function defined({set, labels}: Labelled, options: MiningOptions): Triplet[] {
  const {between} = distancesIn(set, options);
  return places(labels).flatMap(([a, p, n]) => {
    const [ap, an] = [between(a, p), between(a, n)];
    return takes(options, ap, an) ? [[a, p, n, ap, an] as const] : [];
  });
}

function takes({strategy, margin}: MiningOptions, ap: number, an: number): boolean {
  if (strategy === 'hard') return an <= ap;
  return strategy !== 'semi-hard' || (ap < an && an < ap + margin);
}

function places(labels: readonly string[]): [number, number, number][] {
  const items = labels.map((label, item) => ({label, item}));
  return items.flatMap((a) =>
    items
      .filter((p) => p.item !== a.item && p.label === a.label)
      .flatMap((p) =>
        items.filter((n) => n.label !== a.label).map((n): [number, number, number] => [a.item, p.item, n.item]),
      ),
  );
}

/** The hardest of each group, of equal ones the nearest negative, then the first; in the order in which they were. */
export function hardest(triplets: readonly Triplet[], size: number, groupOf: (triplet: Triplet) => string): Triplet[] {
  const groups = new Map<string, Triplet[]>();
  for (const triplet of triplets) groups.set(groupOf(triplet), [...(groups.get(groupOf(triplet)) ?? []), triplet]);
  const gap = ([, , , ap, an]: Triplet) => an - ap;
  // Sorting is stable, so that equal ones stay in order.
  const kept = [...groups.values()].flatMap((group) =>
    group.toSorted((x, y) => gap(x) - gap(y) || x[4] - y[4]).slice(0, size),
  );
  const stays = new Set(kept);
  return triplets.filter((triplet) => stays.has(triplet));
}

export const pairOf = ([a, p]: Triplet) => `${a} ${p}`;
export const anchorOf = ([a]: Triplet) => `${a}`;
export const all = () => '';

/** A line a triplet: quicker to compare than lists. */
export const textOf = (triplets: readonly Triplet[]) => triplets.map((triplet) => triplet.join(' ')).join('\n');
