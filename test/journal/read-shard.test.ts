import {chmodSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {journalLine} from '../../src/journal/line.js';
import {readShard} from '../../src/journal/read-shard.js';
import type {Row} from '../../src/rows/row.js';
import {asOrdinaryUser} from '../ordinary-user.js';
import {anyRow, row} from '../report/rows.js';
import {scratchFolder} from '../storage/scratch.js';
import {header, headerLine, shardFolder, shardLines} from './shards.js';

const ROWS = ['a', 'b', 'c'].map((key, i) => row(key, [i, null, 'n/a']));

async function read(folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const each of (await readShard(folder, 'shard-1')).rows()) rows.push(each);
  return rows;
}

test('a shard comes back with its header and every row', async () => {
  const folder = shardFolder(await shardLines(ROWS));
  const shard = await readShard(folder, 'shard-1');
  expect(shard).toMatchObject({name: 'shard-1', dir: folder, header: header()});
  expect(await read(folder)).toStrictEqual(ROWS);
  expect(await read(shardFolder(await shardLines([])))).toEqual([]);
});

test('any rows, in key order', async () => {
  const rows = fc.uniqueArray(anyRow, {selector: ({key}) => key, maxLength: 12});
  await fc.assert(
    fc.asyncProperty(rows, async (made) => {
      const sorted = [...made].sort((a, b) => (a.key < b.key ? -1 : 1));
      expect(await read(shardFolder(await shardLines(sorted)))).toStrictEqual(sorted);
    }),
    {numRuns: 50},
  );
});

describe('damage', () => {
  const line = (number: number) => `shard-1/shard.jsonl:${number}: the shard is damaged, run it again`;

  test.each<[string, (lines: string[]) => string[], string]>([
    ['a row that was changed', ([head = '', a = '', ...rest]) => [head, a.replace('"a"', '"A"'), ...rest], line(2)],
    ['rows out of order', ([head = '', a = '', b = '', ...rest]) => [head, b, a, ...rest], line(3)],
    ['a row twice', ([head = '', a = '', ...rest]) => [head, a, a, ...rest], line(3)],
    ['a row that is missing', ([head = '', , ...rest]) => [head, ...rest], line(4)],
    ['no end', (lines) => lines.slice(0, -1), line(5)],
    ['an end that counts otherwise', (lines) => [...lines.slice(0, -1), journalLine({rows: 4}).trimEnd()], line(5)],
    ['more behind the end', (lines) => [...lines, lines[1] ?? ''], line(6)],
    ['a row of other columns', ([head = '', ...rest]) => [head, journalLine({key: 'a'}).trimEnd(), ...rest], line(2)],
    ['nothing but the header', ([head = '']) => [head], line(2)],
  ])('%s', async (_, change, message) => {
    const folder = shardFolder(change(await shardLines(ROWS)));
    await expect(read(folder)).rejects.toMatchObject({name: 'UsageError', message});
  });

  test('cut at any byte: refused, never fewer rows', async () => {
    const text = (await shardLines(ROWS)).map((each) => `${each}\n`).join('');
    for (let length = 0; length < text.length; length += 7) {
      const folder = scratchFolder();
      writeFileSync(join(folder, 'shard.jsonl'), text.slice(0, length));
      await expect(read(folder)).rejects.toMatchObject({name: 'UsageError'});
    }
  });
});

const NONE = 'shard-1/shard.jsonl is no shard that this version of cv-loss reads; run the shard again';

test.each<[string, string[]]>([
  ['an empty file', []],
  ['something else', ['{"key":"a"}']],
  ['another version of the form', [headerLine({shard: 'cv-loss-shard/2'})]],
  ['a header with a key more', [headerLine({more: 1})]],
  ['shard 0', [headerLine({index: 0})]],
])('%s is no shard', async (_, lines) => {
  await expect(readShard(shardFolder(lines), 'shard-1')).rejects.toMatchObject({name: 'UsageError', message: NONE});
});

test('a directory without one, a file, and nothing at all', async () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'file'), '');
  for (const dir of [folder, join(folder, 'file'), join(folder, 'none')]) {
    await expect(readShard(dir, 'x')).rejects.toMatchObject({
      name: 'UsageError',
      message: 'x holds no finished shard (shard.jsonl); run it with eval --shard',
    });
  }
});

test('a shard that may not be read says so, and that is not a missing one', async () => {
  const folder = shardFolder(await shardLines(ROWS));
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'shard.jsonl'), 0);
  await asOrdinaryUser(() =>
    expect(readShard(folder, 'x')).rejects.toMatchObject({message: 'x/shard.jsonl cannot be read (EACCES)'}),
  );
});

test('a file is closed when its reader leaves early', async () => {
  const folder = shardFolder(await shardLines(ROWS));
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  const shard = await readShard(folder, 'x');
  for await (const _ of shard.rows()) break;
  expect(open()).toBe(before);
});
