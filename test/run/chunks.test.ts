import fc from 'fast-check';
import {expect, test} from 'vitest';
import {chunks} from '../../src/run/chunks.js';

async function* stream<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

async function collect(
  sizes: readonly number[],
  limits: {count: number; bytes: number; first?: number},
): Promise<number[][]> {
  const made: number[][] = [];
  for await (const chunk of chunks(stream(sizes), (size) => size, limits)) made.push(chunk);
  return made;
}

test('a chunk ends at the count', async () => {
  expect(await collect([1, 1, 1, 1, 1], {count: 2, bytes: Infinity})).toEqual([[1, 1], [1, 1], [1]]);
});

test('a chunk ends with the item that reaches the bytes', async () => {
  expect(await collect([4, 5, 1, 10, 30, 2], {count: 64, bytes: 10})).toEqual([[4, 5, 1], [10], [30], [2]]);
});

test('the first two chunks may be smaller', async () => {
  expect(await collect([1, 1, 1, 1, 1], {count: 2, bytes: Infinity, first: 1})).toEqual([[1], [1], [1, 1], [1]]);
  expect(await collect([1, 1, 1], {count: 2, bytes: Infinity, first: 9})).toEqual([[1, 1], [1]]);
  expect(await collect([3, 3, 3], {count: 9, bytes: 2, first: 2})).toEqual([[3], [3], [3]]);
});

test('items without bytes count all the same', async () => {
  expect(await collect([0, 0, 0], {count: 2, bytes: 10})).toEqual([[0, 0], [0]]);
  expect(await collect([], {count: 2, bytes: 10})).toEqual([]);
});

test('every item once, in order, within the limits', async () => {
  const limits = fc.record({count: fc.integer({min: 1, max: 5}), bytes: fc.integer({min: 1, max: 50})});
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30)), limits, async (sizes, {count, bytes}) => {
      const made = await collect(sizes, {count, bytes});
      expect(made.flat()).toEqual(sizes);
      for (const chunk of made) {
        const beforeLast = chunk.slice(0, -1).reduce((sum, size) => sum + size, 0);
        expect(chunk.length).toBeGreaterThan(0);
        expect(chunk.length).toBeLessThanOrEqual(count);
        expect(beforeLast).toBeLessThan(bytes);
      }
    }),
  );
});

test('ends its source when the consumer leaves', async () => {
  let ended = false;
  async function* source() {
    try {
      for (;;) yield 1;
    } finally {
      ended = true;
    }
  }
  for await (const _ of chunks(source(), () => 1, {count: 3, bytes: Infinity})) break;
  expect(ended).toBe(true);
});
