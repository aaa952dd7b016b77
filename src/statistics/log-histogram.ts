/** Bits of a float64 that name its bucket: sign, exponent and the first ten of the fraction. */
const BITS = 22;
const BUCKETS = 2 ** BITS;
const HALF = BUCKETS / 2;

/** Bits of the upper word that are left out. */
const DROPPED = 32 - BITS;

/**
 * How many values lie in each of fixed buckets, 1,024 to a power of two: 16 MB whatever the number of values, and the same for
 * any order of them. A quantile of it is off by 2⁻¹¹ of the values beside it at most; those below 2⁻¹⁰²² · 2⁻¹⁰ count as 0.
 */
export class LogHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  readonly #word = new DataView(new ArrayBuffer(8));
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** Adds a finite value. */
  add(value: number): void {
    this.#word.setFloat64(0, value);
    const bits = this.#word.getUint32(0) >>> DROPPED;
    // Negative values are in falling order of their bits.
    const bucket = bits < HALF ? HALF + bits : BUCKETS - 1 - bits;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    this.#count++;
  }

  /**
   * Quantiles, linearly interpolated between the middles of the buckets of the two nearest ranks (as `quantile` does between
   * values); the least and the greatest value are exact. `qs` rise and are in [0, 1]; at least one value.
   */
  quantiles(qs: readonly number[]): number[] {
    let bucket = -1;
    let below = 0;
    const at = (rank: number): number => {
      while (below <= rank) below += this.#counts[++bucket] as number;
      return this.#within(this.#middle(bucket));
    };
    return qs.map((q) => {
      const rank = q * (this.#count - 1);
      if (q === 0) return this.#least;
      if (q === 1) return this.#greatest;
      const low = at(Math.floor(rank));
      const [before, counted] = [bucket, below];
      const high = at(Math.ceil(rank));
      [bucket, below] = [before, counted];
      const t = rank - Math.floor(rank);
      return low * (1 - t) + high * t;
    });
  }

  #within(value: number): number {
    return Math.min(this.#greatest, Math.max(this.#least, value));
  }

  #middle(bucket: number): number {
    const bits = bucket >= HALF ? bucket - HALF : BUCKETS - 1 - bucket;
    // Zero, and what is too small to tell from it.
    if (bits % HALF === 0) return 0;
    this.#word.setUint32(0, ((bits << DROPPED) | (1 << (DROPPED - 1))) >>> 0);
    this.#word.setUint32(4, 0);
    return this.#word.getFloat64(0);
  }
}
