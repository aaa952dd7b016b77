const FIRST_CAPACITY = 64;

/** Float64 numbers that arrive one by one, eight bytes each. */
export class GrowingFloat64 {
  private storage = new Float64Array(FIRST_CAPACITY);
  private used = 0;

  get length(): number {
    return this.used;
  }

  push(value: number): void {
    if (this.used === this.storage.length) {
      const larger = new Float64Array(2 * this.used);
      larger.set(this.storage);
      this.storage = larger;
    }
    this.storage[this.used++] = value;
  }

  /** The number at a place that was pushed. */
  at(place: number): number {
    return this.storage[place] as number;
  }

  /** The numbers pushed so far; a view, valid until the next push. */
  view(): Float64Array {
    return this.storage.subarray(0, this.used);
  }
}
