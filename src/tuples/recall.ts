import type {Distances} from './distances.js';
import {type Identities, positivesOf} from './identities.js';

/**
 * For each item that has a positive, the rank of its nearest one among all other items, from 1. An item of another
 * identity at the same distance comes first: a tie counts against the embedding, whatever the order of the items.
 */
export function ranksOfNearestPositive(distances: Distances, identities: Identities): number[] {
  const ranks: number[] = [];
  for (const {index, distances: row} of distances.rows()) {
    const nearest = positivesOf(identities, index).reduce((low, item) => Math.min(low, row[item] as number), Infinity);
    if (nearest < Infinity) ranks.push(1 + differentUpTo(row, identities.of, index, nearest));
  }
  return ranks;
}

function differentUpTo(row: Float64Array, of: Int32Array, anchor: number, distance: number): number {
  const identity = of[anchor];
  let count = 0;
  for (let j = 0; j < row.length; j++) if ((row[j] as number) <= distance && of[j] !== identity) count++;
  return count;
}

/** Recall at k: the fraction of the items with a positive that have one among their k nearest. Keyed by k. */
export function recallAt(ranks: readonly number[], ks: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(ks.map((k) => [k, ranks.filter((rank) => rank <= k).length / ranks.length]));
}
