import {featureBytes, type ImageInput, type ImageStatistics, isSameImage} from './image-statistics.js';

/** Enough for a prediction, its target and the style that all samples share. */
const MOST_IMAGES = 3;
const MOST_BYTES = 2 ** 30;

/** The side of a comparison that an image was on: `x` is a prediction, which seldom comes again. */
export type Side = 'x' | 'y';

/**
 * The last images that were looked at, and what the network made of them. So one style for all samples is computed
 * once, as is the target of several predictions that come one after the other, a second loss on the same pair costs
 * nothing, and images that never come again cost no more than their memory.
 */
export class RecentImages {
  /** The one used last comes last. */
  #entries: {readonly side: Side; readonly statistics: ImageStatistics}[] = [];

  /** What is known of an image, which counts as used now. */
  find(image: ImageInput): ImageStatistics | undefined {
    const found = this.#entries.find(({statistics}) => isSameImage(statistics, image));
    if (found) this.#entries = [...this.#entries.filter((entry) => entry !== found), found];
    return found?.statistics;
  }

  /**
   * Forgets what was known of an image, and others until there is room for another one: predictions first, then those
   * used longest ago. Gives their arrays of activations, which the next image may be written into. `partner` stays.
   */
  makeRoom(image: ImageInput, partner: ImageStatistics | null): Float32Array[] {
    const isOld = ({statistics}: {statistics: ImageStatistics}) =>
      statistics !== partner && isSameImage(statistics, image);
    const forgotten = this.#entries.filter(isOld);
    const kept = this.#entries.filter((entry) => !forgotten.includes(entry));
    const bytes = () => kept.reduce((sum, {statistics}) => sum + featureBytes(statistics), 0);
    while (kept.length >= MOST_IMAGES || bytes() > MOST_BYTES) {
      const others = kept.filter(({statistics}) => statistics !== partner);
      const [oldest] = [...others.filter(({side}) => side === 'x'), ...others];
      if (!oldest) break;
      forgotten.push(...kept.splice(kept.indexOf(oldest), 1));
    }
    this.#entries = kept;
    return forgotten.flatMap(({statistics}) => [...statistics.features.values()]);
  }

  add(side: Side, statistics: ImageStatistics): void {
    this.#entries.push({side, statistics});
  }

  clear(): void {
    this.#entries = [];
  }
}
