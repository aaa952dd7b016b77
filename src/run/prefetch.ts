import {availableParallelism} from 'node:os';

/** How far `prefetch` works ahead of its consumer. */
export interface PrefetchLimits {
  /** Results that load or wait at once, at most. */
  readonly count: number;
  /** Bytes that these may hold in all; one result loads whatever its size. */
  readonly bytes: number;
}

/** Enough to keep every core decoding; the bytes are those of decoded images. */
const DECODING_AHEAD: PrefetchLimits = {count: 2 * availableParallelism(), bytes: 512 * 2 ** 20};

/**
 * Maps items in order while working ahead within `limits`, so that memory does not depend on the number of items.
 * How large a result will be is known only once it is there: one that loads is counted with `sizeOf` (in bytes) of
 * those before it. A rejection is thrown when its turn comes and ends the iteration.
 */
export async function* prefetch<Item, Result>(
  items: Iterable<Item>,
  load: (item: Item) => Promise<Result>,
  sizeOf: (result: Result) => number,
  limits: PrefetchLimits = DECODING_AHEAD,
): AsyncGenerator<Result> {
  const ahead: Promise<Result>[] = [];
  const given = items[Symbol.iterator]();
  let next = given.next();
  let loading = 0;
  let waitingBytes = 0;
  let expectedBytes = limits.bytes / 2;

  const fits = () => ahead.length < limits.count && waitingBytes + (loading + 1) * expectedBytes <= limits.bytes;
  const start = async (item: Item): Promise<Result> => {
    loading++;
    try {
      const result = await load(item);
      const size = sizeOf(result);
      waitingBytes += size;
      // Falls slowly, so that one small file does not let a burst of large ones in; a failed one tells nothing.
      if (size > 0) expectedBytes = Math.max(size, expectedBytes / 2);
      return result;
    } finally {
      loading--;
    }
  };

  while (!next.done || ahead.length > 0) {
    while (!next.done && (ahead.length === 0 || fits())) {
      const result = start(next.value);
      next = given.next();
      // Until its turn comes, or when the consumer has left, a rejection must not count as unhandled.
      result.catch(() => {});
      ahead.push(result);
    }
    const result = await (ahead.shift() as Promise<Result>);
    waitingBytes -= sizeOf(result);
    yield result;
  }
}
