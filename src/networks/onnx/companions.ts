import type {FeatureTerm} from '../fast-executor.js';
import type {ImageStatistics} from './image-statistics.js';
import {type Statistic, statisticsOf} from './statistic.js';

/** The terms of one `comparison`. */
export type Terms = readonly FeatureTerm[];

/**
 * Which comparisons look at the same images in one role, as seen so far, so that an image passes the network once for
 * all of them. A comparison that finds an image which another one had computed is its companion from then on: the next
 * image is computed for both. So a target is not put through the layers that only a style is compared at.
 */
export class Companions {
  readonly #groups = new Map<Terms, Set<Terms>>();
  readonly #seenBy = new WeakMap<ImageStatistics, Set<Terms>>();

  /** What one pass over an image should give for this comparison and its companions. */
  statistics(terms: Terms): Statistic[] {
    return statisticsOf([...this.#group(terms)].flat());
  }

  /** Notes that the comparison looks at an image. */
  look(terms: Terms, at: ImageStatistics): void {
    const others = this.#seenBy.get(at) ?? new Set();
    for (const other of others) this.#join(terms, other);
    this.#seenBy.set(at, others.add(terms));
  }

  /** The statistics of every group: what the next passes will be asked for. */
  all(): Statistic[][] {
    return [...new Set(this.#groups.values())].map((group) => statisticsOf([...group].flat()));
  }

  #group(terms: Terms): Set<Terms> {
    const group = this.#groups.get(terms) ?? new Set([terms]);
    this.#groups.set(terms, group);
    return group;
  }

  #join(a: Terms, b: Terms): void {
    const group = this.#group(a);
    for (const terms of this.#group(b)) {
      group.add(terms);
      this.#groups.set(terms, group);
    }
  }
}
