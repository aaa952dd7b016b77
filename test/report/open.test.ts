import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import type {FormatName} from '../../src/report/formats.js';
import {openReport} from '../../src/report/open.js';
import {openDeviceInstead, systemError, watchFileSystem} from '../storage/faults.js';
import {scratchFolder} from '../storage/scratch.js';
import {mountTinyDisk} from '../storage/tiny-disk.js';
import {reportOf} from './report-of.js';
import {COLUMNS, row} from './rows.js';
import {writeReport} from './written.js';

const tinyDisk = mountTinyDisk();
afterAll(() => tinyDisk?.remove());

const ROWS = [row('a', [1, 2, 3]), row('b', [4, 5, 6])];
const ALL: readonly FormatName[] = ['csv', 'jsonl', 'json'];

/** Every file of a folder with its content. */
function contents(dir: string): Record<string, string> {
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
}

test('files appear at publish, timings in a file of their own', async () => {
  const dir = join(scratchFolder(), 'new', 'report');
  const writer = await openReport({dir, formats: ALL, columns: COLUMNS});
  for (const each of ROWS) await writer.row(each);
  expect(writer.rows).toBe(2);
  expect(readdirSync(dir).every((name) => name.startsWith('.'))).toBe(true);
  await writer.end(reportOf(ROWS), {seconds: 1.5});
  expect(readdirSync(dir).every((name) => name.startsWith('.'))).toBe(true);
  await writer.publish();
  await writer.abandon();
  expect(readdirSync(dir).sort()).toEqual(['report.json', 'rows.csv', 'rows.jsonl', 'timing.json']);
  expect(JSON.parse(readFileSync(join(dir, 'timing.json'), 'utf8'))).toEqual({
    schema: 'cv-loss-timing/1',
    seconds: 1.5,
  });
  const [line = ''] = readFileSync(join(dir, 'rows.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(line)).toEqual({
    key: 'a',
    status: 'ok',
    reason: '',
    width: 4,
    height: 3,
    values: {mse: 1, '-odd.part_1': 2, total: 3},
    sha256: {pred: 'a'.repeat(64)},
  });
});

test('abandon: an earlier report stays as it was, a directory of this run goes', async () => {
  const root = scratchFolder();
  const dir = join(root, 'report');
  await writeReport(dir, ROWS, ALL);
  const before = contents(dir);
  const again = await openReport({dir, formats: ['csv', 'json'], columns: COLUMNS});
  await again.row(row('z', [9, 9, 9]));
  await again.abandon();
  expect(contents(dir)).toEqual(before);
  const other = await openReport({dir: join(root, 'a', 'b'), formats: ALL, columns: COLUMNS});
  await other.abandon();
  expect(readdirSync(root)).toEqual(['report']);
});

test('files of an earlier report that this one does not write are removed, other files never', async () => {
  const dir = scratchFolder();
  await writeReport(dir, ROWS, ALL);
  writeFileSync(join(dir, 'notes.txt'), 'mine');
  await writeReport(dir, ROWS, ['csv', 'json']);
  expect(readdirSync(dir).sort()).toEqual(['notes.txt', 'report.json', 'rows.csv', 'timing.json']);
  await writeReport(dir, ROWS, ['jsonl']);
  expect(readdirSync(dir).sort()).toEqual(['notes.txt', 'rows.jsonl', 'timing.json']);
  await writeReport(dir, ROWS, ['csv']);
  expect(readdirSync(dir).sort()).toEqual(['notes.txt', 'rows.csv', 'timing.json']);
});

test("a directory that holds no report of ours keeps the user's own rows.jsonl", async () => {
  const dir = scratchFolder();
  writeFileSync(join(dir, 'rows.jsonl'), 'mine');
  await writeReport(dir, ROWS, ['csv', 'json']);
  expect(readFileSync(join(dir, 'rows.jsonl'), 'utf8')).toBe('mine');
});

test("the user's own report.json is never written over: the place is refused and stays as it was", async () => {
  const dir = scratchFolder();
  writeFileSync(join(dir, 'report.json'), '{"schema": "mine"}');
  await expect(writeReport(dir, ROWS, ['csv', 'json'])).rejects.toThrow(
    `${join(dir, 'report.json')} is there and is no report of cv-loss; choose another place for the report`,
  );
  expect(readdirSync(dir)).toEqual(['report.json']);
  expect(readFileSync(join(dir, 'report.json'), 'utf8')).toBe('{"schema": "mine"}');
});

test('without a directory rows are only counted', async () => {
  const writer = await openReport({dir: null, formats: ALL, columns: COLUMNS});
  for (const each of ROWS) await writer.row(each);
  await writer.end(reportOf(ROWS), {});
  await writer.publish();
  await writer.abandon();
  expect(writer.rows).toBe(2);
});

test('a place that cannot be written is a usage error before anything is computed', async () => {
  const root = scratchFolder();
  writeFileSync(join(root, 'file'), '');
  mkdirSync(join(root, 'taken', 'rows.csv'), {recursive: true});
  for (const dir of [join(root, 'file'), join(root, 'file', 'below'), join(root, 'taken'), '/proc/cv-loss']) {
    const error = await openReport({dir, formats: ALL, columns: COLUMNS}).catch((thrown: unknown) => thrown);
    expect(error, dir).toMatchObject({name: 'UsageError', message: expect.stringContaining(dir)});
  }
  expect(readdirSync(join(root, 'taken'))).toEqual(['rows.csv']);
  const unknown = openReport({dir: root, formats: ['toString' as FormatName], columns: COLUMNS});
  await expect(unknown).rejects.toThrow(
    "unknown report format 'toString'; expected csv, jsonl, parquet, html, junit, openmetrics, markdown, metrics, json",
  );
});

test.runIf(existsSync('/dev/full'))(
  'a device that is always full: disk-full, the earlier report untouched',
  async () => {
    const dir = scratchFolder();
    await writeReport(dir, ROWS, ALL);
    const before = contents(dir);
    openDeviceInstead('/dev/full');
    await expect(writeReport(dir, ROWS, ALL)).rejects.toMatchObject({name: 'RunError', code: 'disk-full'});
    expect(contents(dir)).toEqual(before);
  },
);

test.runIf(tinyDisk)(
  'a real disk of 64 KiB that fills up half way: disk-full, the earlier report untouched',
  async () => {
    const dir = join(tinyDisk?.path ?? '', 'report');
    await writeReport(dir, ROWS, ALL);
    const before = contents(dir);
    const rows = Array.from({length: 5000}, (_, i) => row(`key-${i}`, [i, i, i]));
    await expect(writeReport(dir, rows, ALL)).rejects.toMatchObject({name: 'RunError', code: 'disk-full'});
    expect(contents(dir)).toEqual(before);
    // Room for the rows, none for report.json, which lists the failures once more: nothing has taken its name yet.
    const failed = {status: 'failed', reason: `bad-file: ${'x'.repeat(200)}`} as const;
    const half = Array.from({length: 100}, (_, i) => row(`key-${i}`, [null], failed));
    await expect(writeReport(dir, half, ['csv', 'json'])).rejects.toMatchObject({code: 'disk-full'});
    expect(contents(dir)).toEqual(before);
    await writeReport(dir, half, ['csv']);
  },
);

test('a failure at the N-th file-system call, for every N: the earlier report is whole, or the new one; the next run cleans up', async () => {
  const dir = join(scratchFolder(), 'report');
  const later = [row('later', [7, 8, 9])];
  const asked: readonly FormatName[] = ['csv', 'json'];
  await writeReport(dir, later, asked);
  const wanted = contents(dir);
  let failures = 0;
  for (let failing = 0; ; failing++) {
    rmSync(dir, {recursive: true, force: true});
    await writeReport(dir, ROWS, ALL);
    const before = contents(dir);
    let calls = 0;
    const watch = watchFileSystem(() => {
      if (calls++ === failing) throw systemError('EIO');
    });
    const error = await writeReport(dir, later, asked).catch((thrown: unknown) => thrown);
    watch.release();
    const after = Object.fromEntries(Object.entries(contents(dir)).filter(([name]) => !name.startsWith('.')));
    if (error === undefined) expect(after).toEqual(wanted);
    else {
      failures++;
      expect(error).toMatchObject({name: 'RunError', code: 'write-failed'});
      expect(after).toEqual(before);
    }
    await writeReport(dir, later, asked);
    expect(contents(dir)).toEqual(wanted);
    if (calls <= failing) break;
  }
  expect(failures).toBeGreaterThan(20);
});
