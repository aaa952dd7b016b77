import type {Draws} from './draws.js';
import type {ExactDistances} from './exact-distances.js';
import type {Anchor, MinedPair} from './strategy.js';

/** So many negatives of each of an anchor's pairs, every subset of `total` items' others alike; Infinity for all. */
export function* randomPairs(
  {index, positives, distances, members}: Anchor,
  {total, perPair, exact, draws}: {total: number; perPair: number; exact: ExactDistances; draws: Draws},
): Generator<MinedPair> {
  const known = new Map<number, number>();
  for (const [i, positive] of positives.entries()) {
    const negatives = others(draws.subset(total - members.length, perPair), members);
    yield {
      anchor: index,
      positive,
      distance: distances[i] as number,
      negatives,
      distances: negatives.map((item) => known.get(item) ?? remember(known, item, exact.between(index, item))),
    };
  }
}

function remember(known: Map<number, number>, item: number, distance: number): number {
  known.set(item, distance);
  return distance;
}

/** From ascending places among the items that are no members to the items. */
function others(places: readonly number[], members: readonly number[]): number[] {
  let passed = 0;
  return places.map((place) => {
    while (passed < members.length && (members[passed] as number) <= place + passed) passed++;
    return place + passed;
  });
}
