import {firstIndex} from '../search.js';
import type {Draws} from './draws.js';
import type {Negatives} from './negatives.js';
import type {MinedPair} from './strategy.js';

/** Squared distances that count: nearer ones weigh as much as the one at 0.5, and from 1.4 on a negative weighs nothing. */
const NEAREST = 0.5 ** 2;
const FARTHEST = 1.4 ** 2;
/** Buckets that are not narrower for few dimensions. */
const LEAST_BUCKETS = 32;

/**
 * Negatives drawn with a weight of 1/q(d), for each of an anchor's pairs on its own and without replacement: q is the
 * density of the distance of two even points on the unit sphere of `dimensions` dimensions,
 * q(d) ∝ d^(n − 2)·(1 − d²/4)^((n − 3)/2). The weight is clipped where d < 0.5, and 0 where d ≥ 1.4: such negatives are
 * beyond every margin that the paper uses.
 *
 * Drawn by rejection from buckets of equal steps of d², each of which weighs as at its near end. An item's bucket is
 * told by its approximate distance where this is sure, so that only what is drawn, and what lies on an edge, is measured
 * exactly; the draws depend on exact distances alone.
 *
 * Source: Wu, Manmatha, Smola and Krähenbühl, Sampling Matters in Deep Embedding Learning, ICCV 2017, equation 5 and
 * section 3.2; the constants are those of its authors' code.
 */
export function* weightedPairs(
  negatives: Negatives,
  weights: BucketWeights,
  perPair: number,
  draws: Draws,
): Generator<MinedPair> {
  const {index, positives, distances} = negatives.anchor;
  const buckets = new Buckets(negatives, weights);
  for (const [i, positive] of positives.entries()) {
    const taken = buckets.draw(perPair, draws).sort((a, b) => a - b);
    yield {
      anchor: index,
      positive,
      distance: distances[i] as number,
      negatives: taken,
      distances: taken.map((item) => negatives.distance(item)),
    };
  }
}

/** What negatives weigh in a space of so many dimensions, by their squared distance. */
export class BucketWeights {
  /** Of buckets. A weight changes by a factor of e or less within one. */
  readonly count: number;
  /** −ln q at the near end of each bucket, where its weight is largest. */
  readonly logWeights: Float64Array;
  private readonly perUnit: number;

  constructor(private readonly dimensions: number) {
    this.count = Math.max(LEAST_BUCKETS, Math.ceil(2 * dimensions * (FARTHEST - NEAREST)));
    this.perUnit = this.count / (FARTHEST - NEAREST);
    this.logWeights = Float64Array.from({length: this.count}, (_, bucket) =>
      this.logWeight(NEAREST + bucket / this.perUnit),
    );
  }

  /** −ln q(d) up to a constant, clipped; it falls as the distance grows, up to `FARTHEST`. */
  logWeight(squared: number): number {
    const clipped = Math.max(squared, NEAREST);
    return -((this.dimensions - 2) / 2) * Math.log(clipped) - ((this.dimensions - 3) / 2) * Math.log(1 - clipped / 4);
  }

  /** The bucket of a squared distance; `count` where it weighs nothing. */
  bucketOf(squared: number): number {
    return squared <= NEAREST ? 0 : Math.min(this.count, (squared - NEAREST) * this.perUnit) | 0;
  }
}

/** An anchor's negatives by squared distance. */
class Buckets {
  /** Bucket by bucket. */
  private readonly items: Int32Array;
  private readonly starts: Int32Array;
  private readonly sizes: Int32Array;
  /** While no item is taken. */
  private readonly masses: Float64Array;

  constructor(
    private readonly negatives: Negatives,
    private readonly weights: BucketWeights,
  ) {
    const {count} = weights;
    const {items, squared} = negatives.within(-Infinity, FARTHEST + negatives.error);
    const bucketOf = new Int32Array(items.length);
    const sizes = new Int32Array(count);
    for (let i = 0; i < items.length; i++) {
      const bucket = this.bucketAt(items[i] as number, squared[i] as number);
      bucketOf[i] = bucket;
      if (bucket < count) sizes[bucket] = (sizes[bucket] as number) + 1;
    }
    this.sizes = sizes;
    this.starts = startsOf(sizes);
    this.items = new Int32Array(this.starts[count] as number);
    const next = this.starts.slice();
    for (let i = 0; i < items.length; i++) {
      const bucket = bucketOf[i] as number;
      if (bucket >= count) continue;
      const place = next[bucket] as number;
      this.items[place] = items[i] as number;
      next[bucket] = place + 1;
    }
    this.masses = this.massesOf(this.sizes);
  }

  /** Up to `size` distinct items. */
  draw(size: number, draws: Draws): number[] {
    const {items, starts, weights} = this;
    let [left, masses] = [this.sizes, this.masses];
    const taken: number[] = [];
    while (taken.length < size && taken.length < items.length) {
      const bucket = pick(masses, draws);
      const place = (starts[bucket] as number) + draws.below(left[bucket] as number);
      const item = items[place] as number;
      const logWeight = weights.logWeight(this.negatives.exact.squared(this.negatives.anchor.index, item));
      if (draws.fraction() >= Math.exp(logWeight - (weights.logWeights[bucket] as number))) continue;
      taken.push(item);
      if (taken.length === size) break;
      // Behind those that are left of its bucket.
      if (left === this.sizes) left = left.slice();
      left[bucket] = (left[bucket] as number) - 1;
      const last = (starts[bucket] as number) + (left[bucket] as number);
      items[place] = items[last] as number;
      items[last] = item;
      masses = this.massesOf(left);
    }
    return taken;
  }

  private bucketAt(item: number, squared: number): number {
    const {anchor, error, exact} = this.negatives;
    const bucket = this.weights.bucketOf(squared - error);
    if (bucket === this.weights.bucketOf(squared + error)) return bucket;
    return this.weights.bucketOf(exact.squared(anchor.index, item));
  }

  /** Sums over the buckets up to each, in units of the largest weight that is left. */
  private massesOf(left: Int32Array): Float64Array {
    const {logWeights} = this.weights;
    const masses = new Float64Array(left.length);
    const top = logWeights[left.findIndex((size) => size > 0)] ?? 0;
    let sum = 0;
    for (let bucket = 0; bucket < left.length; bucket++) {
      const size = left[bucket] as number;
      if (size > 0) sum += size * Math.exp((logWeights[bucket] as number) - top);
      masses[bucket] = sum;
    }
    return masses;
  }
}

/** Where each bucket begins, and the end of the last. */
function startsOf(sizes: Int32Array): Int32Array {
  const starts = new Int32Array(sizes.length + 1);
  sizes.forEach((size, bucket) => {
    starts[bucket + 1] = (starts[bucket] as number) + size;
  });
  return starts;
}

/** A place drawn by its mass, from the sums up to each. */
function pick(sums: Float64Array, draws: Draws): number {
  const drawn = draws.fraction() * (sums[sums.length - 1] as number);
  return firstIndex(sums.length, (place) => (sums[place] as number) > drawn);
}
