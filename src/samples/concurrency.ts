/** Maps a list with at most `limit` calls under way; results keep the list's order. The first failure is thrown. */
export async function mapLimited<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const pending = items.entries();
  const work = async (): Promise<void> => {
    // The workers share one iterator, so each item is taken once.
    for (const [index, item] of pending) {
      results[index] = await map(item);
    }
  };
  await Promise.all(Array.from({length: Math.min(limit, items.length)}, work));
  return results;
}
