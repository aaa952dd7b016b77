import type {Draws} from './draws.js';
import type {Keep, MinedPair} from './strategy.js';

/** A triplet in a selection. */
interface Triplet {
  /** How many were offered before. */
  readonly order: number;
  readonly pair: Pick<MinedPair, 'anchor' | 'positive' | 'distance'>;
  readonly negative: number;
  readonly distance: number;
}

/** At most so many of the triplets offered. */
export interface Selection {
  offer(pair: MinedPair): void;
  /** Those that stay, in the order in which they were offered. */
  pairs(): MinedPair[];
}

/** The triplets with the smallest d_an − d_ap, of equal ones the smallest d_an, then the first; or any, all subsets alike. */
export function selection(keep: Keep, size: number, draws: Draws): Selection {
  return keep === 'hardest' ? new Hardest(size) : new Reservoir(size, draws);
}

class Hardest implements Selection {
  private kept: Triplet[] = [];
  private offered = 0;
  /** What is larger cannot stay. */
  private bound = Infinity;

  constructor(private readonly size: number) {}

  offer(pair: MinedPair): void {
    for (const triplet of tripletsOf(pair, this.offered)) {
      this.offered++;
      if (gap(triplet) <= this.bound) this.kept.push(triplet);
    }
    if (this.kept.length >= 2 * this.size) this.trim();
  }

  pairs(): MinedPair[] {
    this.trim();
    return pairsOf(this.kept);
  }

  private trim(): void {
    const {kept, size} = this;
    kept.sort((a, b) => gap(a) - gap(b) || a.distance - b.distance || a.order - b.order);
    this.kept = kept.slice(0, size);
    const last = this.kept[size - 1];
    if (last) this.bound = gap(last);
  }
}

function gap({pair, distance}: Triplet): number {
  return distance - pair.distance;
}

/** Source: algorithm R of Vitter, Random Sampling with a Reservoir, ACM TOMS 11 (1985). */
class Reservoir implements Selection {
  private readonly kept: Triplet[] = [];
  private offered = 0;

  constructor(
    private readonly size: number,
    private readonly draws: Draws,
  ) {}

  offer(pair: MinedPair): void {
    for (const triplet of tripletsOf(pair, this.offered)) {
      this.offered++;
      const place = this.kept.length < this.size ? this.kept.length : this.draws.below(this.offered);
      if (place < this.size) this.kept[place] = triplet;
    }
  }

  pairs(): MinedPair[] {
    return pairsOf(this.kept);
  }
}

function* tripletsOf(
  {anchor, positive, distance, negatives, distances}: MinedPair,
  offered: number,
): Generator<Triplet> {
  // Without the pair's lists, which would stay in memory with any of its triplets.
  const pair = {anchor, positive, distance};
  for (const [i, negative] of negatives.entries()) {
    yield {order: offered + i, pair, negative, distance: distances[i] as number};
  }
}

function pairsOf(triplets: Triplet[]): MinedPair[] {
  const pairs: (MinedPair & {negatives: number[]; distances: number[]})[] = [];
  for (const {pair, negative, distance} of triplets.sort((a, b) => a.order - b.order)) {
    let last = pairs.at(-1);
    if (!last || last.anchor !== pair.anchor || last.positive !== pair.positive) {
      const {anchor, positive, distance: own} = pair;
      last = {anchor, positive, distance: own, negatives: [], distances: []};
      pairs.push(last);
    }
    last.negatives.push(negative);
    last.distances.push(distance);
  }
  return pairs;
}
