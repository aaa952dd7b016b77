import type {Identities} from '../../tuples/identities.js';
import type {Anchor, Negatives} from './anchor-triplets.js';
import type {Hardest} from './hardest.js';
import type {TupleMembers} from './tuple-loss.js';

/** Of each kind: the ten hardest triplets of an anchor are among its ten farthest positives and ten nearest negatives. */
const CANDIDATES = 10;

/** Offers the hardest triplets of one anchor. */
export function offerTriplets(
  {index, distances, positives}: Anchor,
  {near}: Negatives,
  {of}: Identities,
  margin: number,
  hardest: Hardest<TupleMembers>,
): void {
  const at = (item: number) => distances[item] as number;
  const farthest = [...positives].sort((a, b) => at(b) - at(a) || a - b).slice(0, CANDIDATES);
  const [positive] = farthest;
  const [nearest] = near;
  if (positive === undefined || nearest === undefined || !(at(positive) - nearest + margin > hardest.floor)) return;
  const reach = near[Math.min(CANDIDATES, near.length) - 1] as number;
  const negatives: number[] = [];
  distances.forEach((distance, item) => {
    if (distance <= reach && of[item] !== of[index]) negatives.push(item);
  });
  negatives.sort((a, b) => at(a) - at(b) || a - b);
  for (const other of farthest) {
    for (const negative of negatives.slice(0, CANDIDATES)) {
      const members = () => ({anchor: index, positive: other, negative});
      hardest.offer(at(other) - at(negative) + margin, members);
    }
  }
}
