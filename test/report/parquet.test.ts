import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {tableFromIPC} from 'apache-arrow';
import fc from 'fast-check';
import {readParquet} from 'parquet-wasm/node';
import {expect, test} from 'vitest';
import type {Row} from '../../src/rows/row.js';
import {scratchFolder} from '../storage/scratch.js';
import {anyRow, COLUMNS, row} from './rows.js';
import {writeReport} from './written.js';

/** The rows of a file as the Rust implementation of Apache Arrow reads them. */
function read(dir: string): Record<string, unknown>[] {
  const file = readFileSync(join(dir, 'rows.parquet'));
  const table = tableFromIPC(readParquet(new Uint8Array(file)).intoIPCStream());
  return table
    .toArray()
    .map((each) =>
      Object.fromEntries(each.toArray().map((value: unknown, i: number) => [table.schema.fields[i]?.name, value])),
    );
}

/** A row as a table holds it: numbers, text, and null for anything else. */
function expected({key, status, reason, width, height, group, cells}: Row): Record<string, unknown> {
  // A file holds UTF-8, which has no way to write half a surrogate pair; Arrow's decoder leaves out a byte order mark.
  const text = (value: string) => new TextDecoder().decode(Buffer.from(value));
  const numbers = COLUMNS.map(({name}) => [name, typeof cells[name] === 'number' ? cells[name] : null]);
  const base = {
    key: text(key),
    status,
    reason: text(reason),
    width,
    height,
    group: group === undefined ? null : text(group),
  };
  return {...base, ...Object.fromEntries(numbers)};
}

test('every row comes back through an independent reader', async () => {
  const dir = scratchFolder();
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, {minLength: 1, maxLength: 20}), async (rows) => {
      await writeReport(dir, rows, ['parquet', 'json']);
      expect(read(dir)).toEqual(rows.map(expected));
    }),
    {numRuns: 50},
  );
});

test('many rows are several row groups', async () => {
  const dir = scratchFolder();
  const rows = Array.from({length: 120_001}, (_, i) => row(`${i}`.padStart(6, '0'), [i, i / 7, -i]));
  await writeReport(dir, rows, ['parquet', 'json']);
  const made = read(dir);
  expect(made).toHaveLength(rows.length);
  for (const i of [0, 49_999, 50_000, 120_000]) expect(made[i]).toEqual(expected(rows[i] as Row));
});
