import {featureBytes, type ImageInput, type ImageStatistics, isSameImage} from './image-statistics.js';

/** Enough for a prediction, its target and the style that all samples share. */
const MOST_IMAGES = 3;
const MOST_BYTES = 2 ** 30;

/**
 * The last images that were looked at, and what the network made of them. So one style for all samples is computed
 * once, a second loss on the same pair costs nothing, and images that never come again cost no more than their memory.
 */
export class RecentImages {
  /** The one used last comes last. */
  #entries: ImageStatistics[] = [];

  /** What is known of an image, which counts as used now. */
  find(image: ImageInput): ImageStatistics | undefined {
    const found = this.#entries.find((entry) => isSameImage(entry, image));
    if (found) this.#entries = [...this.#entries.filter((entry) => entry !== found), found];
    return found;
  }

  /**
   * Forgets what was known of an image, and those used longest ago until there is room for another one. Gives their
   * arrays of activations, which the next image may be written into. `partner` stays.
   */
  makeRoom(image: ImageInput, partner: ImageStatistics | null): Float32Array[] {
    const forgotten = this.#entries.filter((entry) => entry !== partner && isSameImage(entry, image));
    const kept = this.#entries.filter((entry) => !forgotten.includes(entry));
    const bytes = () => kept.reduce((sum, entry) => sum + featureBytes(entry), 0);
    while (kept.length >= MOST_IMAGES || bytes() > MOST_BYTES) {
      const oldest = kept.findIndex((entry) => entry !== partner);
      if (oldest < 0) break;
      forgotten.push(...kept.splice(oldest, 1));
    }
    this.#entries = kept;
    return forgotten.flatMap(({features}) => [...features.values()]);
  }

  add(statistics: ImageStatistics): void {
    this.#entries.push(statistics);
  }

  clear(): void {
    this.#entries = [];
  }
}
