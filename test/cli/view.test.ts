import {chmodSync, cpSync, existsSync, rmSync, statSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const photos = ['--pred', fixture('photos/pred/00*.png'), '--target', fixture('photos/target/00*.png')];

/** The JSON of the blocks of a page, in order. */
function blocks(page: string, name: string): unknown[] {
  const found = page.matchAll(new RegExp(`data-block="${name}">(.*)</script>`, 'g'));
  return [...found].map(([, json]) => JSON.parse(json as string));
}

beforeAll(async () => {
  const {code, stderr} = await work.run([
    ...['eval', ...photos, '--losses', 'mse', '--report', 'direct', '--report-format', 'csv,json,html', '--quiet'],
  ]);
  expect([code, stderr]).toEqual([0, '']);
  cpSync(work.path('direct'), work.path('run'), {recursive: true});
  rmSync(work.path('run', 'report.html'));
});

describe('view', () => {
  test('makes the page of a report, prints where it is, and says why it opens nothing', async () => {
    const {code, stdout, stderr} = await work.run(['view', 'run']);
    expect([code, stdout, stderr]).toEqual([
      0,
      `${work.path('run', 'report.html')}\n`,
      'not opened: there is no screen\n',
    ]);
    const page = work.read('run', 'report.html');
    expect(blocks(page, 'report')).toEqual([work.json('run', 'report.json')]);
    const rows = blocks(page, 'rows') as {keys: string[]; cells: number[][]}[];
    const csv = [...work.rows('run').values()];
    expect(rows.flatMap(({keys}) => keys)).toEqual(csv.map(({key}) => key));
    expect(rows.flatMap(({cells}) => cells[0])).toEqual(csv.map((row) => Number(row.mse)));
  });

  test('opens it with the program that BROWSER names, and makes no other page', async () => {
    work.write('browser', '#!/bin/sh\nprintf %s "$1" > opened\n');
    chmodSync(work.path('browser'), 0o755);
    const before = statSync(work.path('run', 'report.html')).mtimeMs;
    const env = {BROWSER: work.path('browser')};
    const {code, stdout, stderr} = await work.run(['view', 'run'], {env});
    expect([code, stderr]).toEqual([0, '']);
    expect(work.read('opened')).toBe(stdout.trim());
    expect(statSync(work.path('run', 'report.html')).mtimeMs).toBe(before);

    const broken = await work.run(['view', 'run', '--again'], {env: {BROWSER: '/nowhere'}});
    expect([broken.code, broken.stderr]).toEqual([0, 'no program opened the page; open it in a browser\n']);
    expect(statSync(work.path('run', 'report.html')).mtimeMs).toBeGreaterThan(before);
  });

  test('holds what the page holds that eval writes', async () => {
    for (const name of ['rows', 'report']) {
      const own = blocks(work.read('direct', 'report.html'), name);
      expect(own).toHaveLength(1);
      expect(blocks(work.read('run', 'report.html'), name)).toEqual(own);
    }
  });

  test.each([
    ['no report', ['view', 'nowhere'], 'nowhere holds no report'],
    ['a file of another', ['view', 'run', '--output', 'mine.html'], 'mine.html is there and is no page of cv-loss'],
    ['no such place', ['view', 'run', '--output', 'no/such/page.html'], 'no/such'],
    ['a damaged series', ['view', 'broken'], 'broken/series.json: the report of the series is damaged'],
  ])('says in a line what is wrong: %s', async (_, args, message) => {
    work.write('mine.html', '<title>mine</title>');
    work.write('broken/series.json', '{"schema": "cv-loss-series/1"}');
    const {code, stdout, stderr} = await work.run([...args, '--no-open']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(work.read('mine.html')).toBe('<title>mine</title>');
  });
});

describe('pages of several runs', () => {
  test('a series has one, which leads to those of its sets', async () => {
    const series = ['--series', fixture('masks/pr*'), '--target', fixture('masks/target'), '--losses', 'dice'];
    const {code} = await work.run([
      ...['eval', '--task', 'mask', ...series, '--report', 'series', '--report-format', 'csv,json,html', '--quiet'],
    ]);
    expect(code).toBe(0);
    const [block] = blocks(work.read('series', 'series.html'), 'series') as {links: Record<string, string>}[];
    for (const link of Object.values(block?.links ?? {})) expect(existsSync(work.path('series', link))).toBe(true);
    expect(Object.keys(block?.links ?? {})).toEqual(['pred', 'prob']);
    const {stdout} = await work.run(['view', 'series', '--no-open', '--output', 'series-again.html']);
    expect(stdout.trim()).toBe(work.path('series-again.html'));
    expect(blocks(work.read('series-again.html'), 'series')).toEqual([block]);
  });

  test('a comparison has the rows of both', async () => {
    const same = ['--pred', fixture('photos/target/00*.png'), '--target', fixture('photos/target/00*.png')];
    const better = await work.run(['eval', ...same, '--losses', 'mse', '--report', 'direct', '--quiet']);
    expect(better.code).toBe(0);
    // The page of the report that was there would tell lies beside the new one.
    expect(existsSync(work.path('direct', 'report.html'))).toBe(false);
    const {code, stdout} = await work.run(['compare', 'run', 'direct', '--report', 'compared', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(work.read('compared', 'comparison.json'))).toEqual(JSON.parse(stdout));
    const page = work.read('compared', 'comparison.html');
    const [rows] = blocks(page, 'rows') as {cells: number[][]}[];
    const before = [...work.rows('run').values()].map(({mse}) => Number(mse));
    expect(rows?.cells).toEqual([before, before.map(() => 0), before.map((value) => -value)]);
    work.write('taken/comparison.html', 'mine');
    const again = await work.run(['compare', 'run', 'direct', '--report', 'taken']);
    expect([again.code, work.read('taken', 'comparison.html')]).toEqual([2, 'mine']);
  });
});
