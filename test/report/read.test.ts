import {appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {readReport} from '../../src/report/read.js';
import type {Row} from '../../src/rows/row.js';
import {scratchFolder} from '../storage/scratch.js';
import {reportOf} from './report-of.js';
import {anyRow, row} from './rows.js';
import {writeReport} from './written.js';

async function readRows(dir: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const each of (await readReport(dir)).rows()) rows.push(each);
  return rows;
}

const someRows = fc.array(anyRow, {maxLength: 20});

test('rows.jsonl: every row comes back as it was', async () => {
  const dir = scratchFolder();
  await fc.assert(
    fc.asyncProperty(someRows, async (rows) => {
      await writeReport(dir, rows, ['jsonl', 'json']);
      expect(await readRows(dir)).toEqual(rows);
      expect((await readReport(dir)).report).toEqual(reportOf(rows));
    }),
    {numRuns: 100},
  );
});

test('rows.csv: every row comes back, without hashes and groups', async () => {
  const dir = scratchFolder();
  await fc.assert(
    fc.asyncProperty(someRows, async (rows) => {
      await writeReport(dir, rows, ['csv', 'json']);
      expect(await readRows(dir)).toEqual(rows.map(({group, ...rest}) => ({...rest, sha256: {}})));
    }),
    {numRuns: 100},
  );
});

test('a rows.csv saved by a spreadsheet, with CRLF and a byte order mark, is read', async () => {
  const dir = scratchFolder();
  const rows = [row('a', [1, 2, 3]), row('b', [4, 'n/a', 6])];
  await writeReport(dir, rows, ['csv', 'json']);
  const path = join(dir, 'rows.csv');
  writeFileSync(path, `\ufeff${readFileSync(path, 'utf8').replaceAll('\n', '\r\n')}`);
  expect(await readRows(dir)).toEqual(rows.map((each) => ({...each, sha256: {}})));
});

function removeLastLine(path: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replace(/[^\n]*\n$/, ''));
}

const DAMAGES: readonly (readonly [string, (dir: string) => void, RegExp])[] = [
  [
    'no report.json',
    (dir) => rmSync(join(dir, 'report.json')),
    /report\.json: expected a report; there is none; make one with cv-loss eval/,
  ],
  ['cut report.json', (dir) => truncateSync(join(dir, 'report.json'), 300), /report\.json: the report is damaged/],
  ['another file', (dir) => writeFileSync(join(dir, 'report.json'), '[]'), /of the form cv-loss-report\/1, got none/],
  [
    'unknown key in report.json',
    (dir) => {
      const path = join(dir, 'report.json');
      writeFileSync(path, JSON.stringify({...JSON.parse(readFileSync(path, 'utf8')), more: 1}));
    },
    /report\.json: the report is damaged: .*more/,
  ],
  ['no rows', (dir) => rmSync(join(dir, 'rows.csv')), /neither rows\.csv nor rows\.jsonl/],
  ['empty rows.csv', (dir) => truncateSync(join(dir, 'rows.csv'), 0), /rows\.csv:1: the file is empty/],
  ['a row missing', (dir) => removeLastLine(join(dir, 'rows.csv')), /1 rows, but report\.json counts 2/],
  ['a row too many', (dir) => appendFileSync(join(dir, 'rows.csv'), 'c,ok,,4,3,1,2,3\n'), /3 rows, but .* counts 2/],
  ['a cell missing', (dir) => appendFileSync(join(dir, 'rows.csv'), 'c,ok,,4,3,1,2\n'), /rows\.csv:4: Invalid Record/],
  [
    'a word for a number',
    (dir) => appendFileSync(join(dir, 'rows.csv'), 'c,ok,,4,3,1,2,x\n'),
    /rows\.csv:4: expected a number, got 'x'/,
  ],
  ['Infinity for inf', (dir) => appendFileSync(join(dir, 'rows.csv'), 'c,ok,,4,3,1,2,Infinity\n'), /got 'Infinity'/],
  ['another status', (dir) => appendFileSync(join(dir, 'rows.csv'), 'c,fine,,4,3,1,2,3\n'), /got 'fine'/],
  ['other columns', (dir) => writeFileSync(join(dir, 'rows.csv'), 'key,status\n'), /rows\.csv:1: expected the columns/],
  ['a broken line', (dir) => writeFileSync(join(dir, 'rows.jsonl'), '{"key":\n'), /rows\.jsonl:1: not JSON: /],
  [
    'a line without values',
    (dir) => writeFileSync(join(dir, 'rows.jsonl'), '{"key":"a"}\n'),
    /rows\.jsonl:1: .*status/,
  ],
];

test.each(DAMAGES)('%s: one line that says what and where', async (_, damage, message) => {
  const dir = scratchFolder();
  await writeReport(dir, [row('a', [1, 2, 3]), row('b', [4, 5, 6])], ['csv', 'json']);
  damage(dir);
  const error = await readRows(dir).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({name: 'UsageError', message: expect.stringMatching(message)});
  expect((error as Error).message).not.toContain('\n');
});
