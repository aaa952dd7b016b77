import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {confusionText} from '../../src/report/confusion.js';
import type {FormatName} from '../../src/report/formats.js';
import {openReport} from '../../src/report/open.js';
import type {Report} from '../../src/report/report.js';
import {scratchFolder} from '../storage/scratch.js';
import {reportOf} from './report-of.js';
import {COLUMNS, row} from './rows.js';

const ROWS = [row('a', [1, 2, 3])];
const PLAIN = reportOf(ROWS);
const MATRIX = {
  classes: ['road', 'sky, clear', '=1'],
  counts: [
    [3, 1, 0],
    [0, 8, 0],
    [0, 0, 0],
  ],
  normalised: [
    [0.75, 0.25, 0],
    [0, 1, 0],
    [null, null, null],
  ],
};

function withMatrices(...ids: readonly string[]): Report {
  const column = PLAIN.summary.mse as Report['summary'][string];
  return {...PLAIN, summary: {...PLAIN.summary, ...Object.fromEntries(ids.map((id) => [id, {...column, ...MATRIX}]))}};
}

test('a run without a confusion matrix has no such file', () => {
  expect(confusionText(PLAIN)).toBeNull();
});

test('counts and shares, a line for each class of the target, of each loss', () => {
  const lines = parse(confusionText(withMatrices('confusion', 'other')) ?? '') as string[][];
  expect(lines.slice(0, 7)).toEqual([
    ['loss', 'numbers', 'target', 'road', 'sky, clear', "'=1"],
    ['confusion', 'counts', 'road', '3', '1', '0'],
    ['confusion', 'counts', 'sky, clear', '0', '8', '0'],
    ['confusion', 'counts', "'=1", '0', '0', '0'],
    ['confusion', 'normalised', 'road', '0.75', '0.25', '0'],
    ['confusion', 'normalised', 'sky, clear', '0', '1', '0'],
    ['confusion', 'normalised', "'=1", '', '', ''],
  ]);
  expect(lines.slice(7).map(([loss]) => loss)).toEqual(Array(6).fill('other'));
});

async function written(dir: string, report: Report, formats: readonly FormatName[]): Promise<void> {
  const writer = await openReport({dir, formats, columns: COLUMNS});
  for (const each of ROWS) await writer.row(each);
  await writer.end(report, {seconds: 1});
  await writer.publish();
}

test('it is written with rows.csv, and removed by a report that has none', async () => {
  const dir = join(scratchFolder(), 'report');
  const file = join(dir, 'confusion.csv');
  const report = withMatrices('confusion');
  await written(dir, report, ['json']);
  expect(existsSync(file)).toBe(false);
  await written(dir, report, ['csv', 'json']);
  expect(readFileSync(file, 'utf8')).toBe(confusionText(report));
  await written(dir, PLAIN, ['csv', 'json']);
  expect(existsSync(file)).toBe(false);
});
