import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {flat, noise} from './pixels.js';
import {type CsvRow, cell} from './rows.js';
import {describeValues} from './statistics.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const DIRECTORIES = ['.', 'day', 'night/rain'];
const COLUMNS = ['mse', 'ssim', 'psnr'];

type Summary = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
interface Report {
  readonly summary: Summary;
  readonly groups: Readonly<Record<string, Summary>>;
}

beforeAll(async () => {
  const cameras = ['key,pred,target,camera'];
  const weathers = ['key,pred,target,weather'];
  for (let i = 0; i < 17; i++) {
    const directory = DIRECTORIES[i % 3] ?? '';
    const key = directory === '.' ? `photo-${i}` : `${directory}/photo-${i}`;
    const target = i % 5 === 4 ? noise(i, 16, 16) : flat(8 * i, 16, 16);
    await work.image(`pred/${key}.png`, noise(i, 16, 16));
    await work.image(`target/${key}.png`, target);
    const files = `${key},pred/${key}.png,target/${key}.png`;
    cameras.push(`${files},camera ${i % 2}`);
    weathers.push(`${files},${i < 9 ? 'sun' : 'rain'}`);
  }
  work.write('cameras.csv', `${cameras.join('\n')}\n`);
  work.write('weathers.csv', `${weathers.join('\n')}\n`);
  const shared = ['eval', '--losses', COLUMNS.join(), '--quiet'];
  const byDirectory = ['--pred', 'pred', '--target', 'target', '--group-by', '{dir}', '--report', 'directory'];
  const byColumn = ['--pairs', 'cameras.csv', '--group-by', 'camera', '--report', 'column'];
  const byBoth = ['--pairs', 'weathers.csv', '--group-by', '{weather} {dir}', '--report', 'both'];
  const runs = [byDirectory, byColumn, byBoth].map((flags) => work.run([...shared, ...flags]));
  for (const run of await Promise.all(runs)) expect(run).toEqual({code: 0, stdout: '', stderr: ''});
});

/** Expects a summary to be what the definitions make of the rows' values. */
function expectSummary(summary: Summary | undefined, rows: readonly CsvRow[]): void {
  for (const column of COLUMNS) {
    const values = rows.map((row) => cell(row, column));
    const finite = values.filter(Number.isFinite);
    const actual = summary?.[column] ?? {};
    expect(actual).toMatchObject({count: values.length, infinite: values.length - finite.length, undefined: 0});
    for (const [name, expected] of Object.entries({
      ...describeValues(finite),
      value: describeValues(finite).mean ?? null,
    })) {
      if (expected === null) expect(actual[name], `${column}.${name}`).toBeNull();
      else
        expect(Math.abs(Number(actual[name]) - expected), `${column}.${name}`).toBeLessThan(
          1e-12 * Math.abs(expected) + 1e-15,
        );
    }
  }
}

function groupsOf(report: string, nameOf: (row: CsvRow, index: number) => string): Map<string, CsvRow[]> {
  const groups = new Map<string, CsvRow[]>();
  for (const row of work.rows(report).values()) {
    const name = nameOf(row, Number(/photo-(\d+)/.exec(row.key ?? '')?.[1]));
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

const directoryOf = ({key = ''}: CsvRow) => key.slice(0, Math.max(0, key.lastIndexOf('/'))) || '.';

describe('report.json', () => {
  test('the summary of all rows, infinite ones left out of the mean', () => {
    const {summary} = work.json('directory', 'report.json') as Report;
    expectSummary(summary, [...work.rows('directory').values()]);
    expect(summary.psnr).toMatchObject({infinite: 3});
  });

  test('psnr of the dataset is that of the summed squared errors', () => {
    const {summary} = work.json('directory', 'report.json') as Report;
    const rows = [...work.rows('directory').values()];
    const mean = rows.reduce((sum, row) => sum + cell(row, 'mse'), 0) / rows.length;
    expect(Number(summary.psnr?.dataset)).toBeCloseTo(-10 * Math.log10(mean), 10);
  });

  test('the confidence interval holds the mean, and says how it was made', () => {
    const {ci95, ci95_method, mean} = (work.json('directory', 'report.json') as Report).summary.mse ?? {};
    const [low, high] = ci95 as [number, number];
    expect(ci95_method).toBe('bootstrap');
    expect(low).toBeLessThan(Number(mean));
    expect(high).toBeGreaterThan(Number(mean));
  });

  test.each<[string, string, (row: CsvRow, index: number) => string]>([
    ['{dir}', 'directory', directoryOf],
    ['a column of the manifest', 'column', (_, i) => `camera ${i % 2}`],
    ['a template of both', 'both', (row, i) => `${i < 9 ? 'sun' : 'rain'} ${directoryOf(row)}`],
  ])('groups by %s', (_, report, nameOf) => {
    const {groups} = work.json(report, 'report.json') as Report;
    const expected = groupsOf(report, nameOf);
    expect(Object.keys(groups)).toEqual([...expected.keys()].sort());
    for (const [name, rows] of expected) expectSummary(groups[name], rows);
  });
});

test('standard output shows a table for each group', async () => {
  const flags = ['--pred', 'pred', '--target', 'target', '--group-by', '{dir}', '--losses', 'mse', '--no-report'];
  const {stdout} = await work.run(['eval', ...flags]);
  expect([...stdout.matchAll(/^group (.*)$/gm)].map(([, name]) => name)).toEqual(DIRECTORIES);
});
