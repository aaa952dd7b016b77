/** Results held ahead of the consumer, in bytes; the next item is started only below it. */
const AHEAD_BYTES = 512 * 2 ** 20;

/**
 * Maps items in order while working ahead: up to `ahead` calls of `load` run or wait at once, fewer when
 * results are large (`sizeOf`, in bytes), so that memory does not depend on the number of items.
 */
export async function* prefetch<Item, Result>(
  items: Iterable<Item>,
  load: (item: Item) => Promise<Result>,
  sizeOf: (result: Result) => number,
  ahead: number,
): AsyncGenerator<Result> {
  const iterator = items[Symbol.iterator]();
  const waiting: Promise<Result>[] = [];
  let largest = 1;
  const top = () => {
    const limit = Math.max(1, Math.min(ahead, Math.floor(AHEAD_BYTES / largest)));
    while (waiting.length < limit) {
      const next = iterator.next();
      if (next.done) return;
      const loading = load(next.value);
      // A rejection is thrown to the consumer when its turn comes; until then it must not count as unhandled.
      loading.catch(() => {});
      waiting.push(loading);
    }
  };
  for (top(); waiting.length > 0; top()) {
    const result = await (waiting.shift() as Promise<Result>);
    largest = Math.max(largest, sizeOf(result));
    yield result;
  }
}
