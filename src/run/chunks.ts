/**
 * Gathers consecutive results into chunks of at most `count` items and about `bytes` in all (one item at
 * least), the first two of at most `first`: what is computed at once, before the rows go out in order.
 */
export async function* chunks<Item>(
  items: AsyncIterable<Item>,
  sizeOf: (item: Item) => number,
  limits: {readonly count: number; readonly bytes: number; readonly first?: number},
): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  let held = 0;
  let given = 0;
  const count = () => (given < 2 ? Math.min(limits.count, limits.first ?? limits.count) : limits.count);
  for await (const item of items) {
    chunk.push(item);
    held += sizeOf(item);
    if (chunk.length >= count() || held >= limits.bytes) {
      yield chunk;
      chunk = [];
      held = 0;
      given++;
    }
  }
  if (chunk.length > 0) yield chunk;
}
