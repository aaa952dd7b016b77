import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {Row} from '../../../src/rows/row.js';
import {mergedRows} from '../../../src/run/merge/merged-rows.js';
import {row} from '../../report/rows.js';

/** A source of rows that says when it was closed. */
function source(keys: readonly string[], closed: string[] = [], failAt?: string): AsyncGenerator<Row> {
  async function* rows() {
    try {
      for (const key of keys) {
        if (key === failAt) throw new Error(`damaged at ${key}`);
        yield row(key, [1]);
      }
    } finally {
      closed.push(keys.join());
    }
  }
  return rows();
}

async function merged(sources: readonly AsyncGenerator<Row>[]): Promise<string[]> {
  const keys: string[] = [];
  for await (const {key} of mergedRows(sources)) keys.push(key);
  return keys;
}

test('rows of sources in key order come in key order, by code unit', async () => {
  const key = fc.string({unit: 'binary', maxLength: 3});
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key), fc.integer({min: 1, max: 9}), async (keys, count) => {
      const sorted = [...keys].sort();
      const parts = Array.from({length: count}, (_, part) => sorted.filter((_, i) => (i * 7) % count === part));
      expect(await merged(parts.map((part) => source(part)))).toEqual(sorted);
    }),
  );
});

test('no sources, and empty ones', async () => {
  expect(await merged([])).toEqual([]);
  expect(await merged([source([]), source(['a']), source([])])).toEqual(['a']);
});

test('every source is closed: at the end, when the reader leaves, and when one fails', async () => {
  const closed: string[] = [];
  const three = (failAt?: string) => ['a,d', 'b,e', 'c,f'].map((keys) => source(keys.split(','), closed, failAt));
  await merged(three());
  expect(closed.splice(0).sort()).toEqual(['a,d', 'b,e', 'c,f']);
  for await (const _ of mergedRows(three())) break;
  expect(closed.splice(0).sort()).toEqual(['a,d', 'b,e', 'c,f']);
  for (const failAt of ['b', 'e']) {
    await expect(merged(three(failAt))).rejects.toThrow(`damaged at ${failAt}`);
    expect(closed.splice(0).sort()).toEqual(['a,d', 'b,e', 'c,f']);
  }
});
