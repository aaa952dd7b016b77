/** A stream of 32 random bits a call. */
export interface RandomBits {
  next(): number;
}

/** Draws from a stream of bits. */
export class Draws {
  constructor(private readonly bits: RandomBits) {}

  /** Evenly from [0, 1), in steps of 2⁻⁵³. */
  fraction(): number {
    const high = this.bits.next() >>> 5;
    return (high * 2 ** 26 + (this.bits.next() >>> 6)) * 2 ** -53;
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.fraction() * count);
  }

  /**
   * `size` distinct whole numbers in [0, count), every subset alike, ascending; all where there are no more.
   * Source: Floyd's algorithm, Bentley, "Programming Pearls: A sample of brilliance", CACM 30 (1987).
   */
  subset(count: number, size: number): number[] {
    if (size >= count) return Array.from({length: count}, (_, i) => i);
    const chosen = new Set<number>();
    for (let last = count - size; last < count; last++) {
      const drawn = this.below(last + 1);
      chosen.add(chosen.has(drawn) ? last : drawn);
    }
    return [...chosen].sort((a, b) => a - b);
  }
}
