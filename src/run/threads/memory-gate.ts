/**
 * Lets as many tasks run at once as a memory holds, each taken to need what the largest of those before it needed; one may
 * always run, and one alone does until the first has told.
 */
export class MemoryGate {
  #running = 0;
  #largest: number | null = null;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly bytes: number) {}

  /** Runs a task when there is room; `sizeOf` tells from its value how many bytes it needed. */
  async run<Value>(task: () => Promise<Value>, sizeOf: (value: Value) => number): Promise<Value> {
    while (!this.#hasRoom()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      const value = await task();
      this.#largest = Math.max(this.#largest ?? 0, sizeOf(value));
      return value;
    } finally {
      this.#running--;
      // All look again, in their order: what is known of sizes has changed.
      for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  #hasRoom(): boolean {
    if (this.#running === 0 || this.bytes === Number.POSITIVE_INFINITY) return true;
    return this.#largest !== null && (this.#running + 1) * this.#largest <= this.bytes;
  }
}
