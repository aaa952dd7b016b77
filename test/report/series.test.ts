import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {jsonValue} from '../../src/report/json-value.js';
import type {Report} from '../../src/report/report.js';
import {buildSeries, type ReportedSet} from '../../src/report/series/build-series.js';
import {openSeries} from '../../src/report/series/open-series.js';
import {seriesCsv} from '../../src/report/series/series-csv.js';
import {seriesMarkdown} from '../../src/report/series/series-markdown.js';
import type {SeriesReport} from '../../src/report/series/series-report.js';
import type {Direction, Row} from '../../src/rows/row.js';
import {scratchFolder} from '../storage/scratch.js';
import {reportOf} from './report-of.js';
import {hostileText, row} from './rows.js';
import {writeReport} from './written.js';

/** A set with one column of that value, of ten samples. */
function set(name: string, value: number | null, better: Direction = 'lower', more: Partial<Report> = {}): ReportedSet {
  const base = reportOf([row('a', [1, 2, 3])]);
  const mse = {
    ...base.summary.mse,
    value: jsonValue(value),
    dataset: null,
    count: 10,
  } as Report['summary'][string];
  const counts = {samples: 10, ok: 10, undefined: 0, failed: 0};
  return {
    name,
    pred: `runs/${name}`,
    report: {...base, columns: [{name: 'mse', better}], summary: {mse}, counts, ...more},
  };
}

const facts = {version: '1.2.3', samples: {any: 10, all: 10}};
const bestOf = (sets: readonly ReportedSet[]) => buildSeries(sets, facts).columns[0]?.best;
const failed = (count: number): Partial<Report> => ({
  counts: {samples: 10, ok: 10 - count, undefined: 0, failed: count},
});

describe('the best set', () => {
  test.each<[string, Direction, Readonly<Record<string, number | null>>, readonly string[]]>([
    ['the smallest where lower is better', 'lower', {a: 3, b: 1, c: 2}, ['b']],
    ['the largest where higher is better', 'higher', {a: 3, b: 1, c: 2}, ['a']],
    ['all that are equal', 'lower', {a: 1, b: 2, c: 1}, ['a', 'c']],
    ['infinite above finite where higher is better', 'higher', {a: 99, b: Number.POSITIVE_INFINITY}, ['b']],
    ['not an infinite one where lower is better', 'lower', {a: 99, b: Number.POSITIVE_INFINITY}, ['a']],
    ['negative values rank as numbers do', 'lower', {a: -0.5, b: 0, c: -2}, ['c']],
    ['not one without a value', 'lower', {a: null, b: 5}, ['b']],
    ['none where no set has a value', 'lower', {a: null, b: null}, []],
    ['none where no direction is better', 'none', {a: 1, b: 2}, []],
  ])('%s', (_, better, values, expected) => {
    expect(bestOf(Object.entries(values).map(([name, value]) => set(name, value, better)))).toEqual(expected);
  });

  test('is as brute force finds it', () => {
    const values = fc.array(fc.option(fc.double({noNaN: true})), {minLength: 1, maxLength: 12});
    fc.assert(
      fc.property(values, fc.constantFrom('lower' as const, 'higher' as const), (given, better) => {
        const isBeaten = (value: number) =>
          given.some((other) => other !== null && (better === 'lower' ? other < value : other > value));
        const expected = given.flatMap((value, i) => (value !== null && !isBeaten(value) ? [String(i)] : []));
        expect(bestOf(given.map((value, i) => set(String(i), value, better)))).toEqual(expected);
      }),
    );
  });

  test('is never one that scored fewer samples than another', () => {
    const sets = [set('all', 2), set('failed', 1, 'lower', failed(1)), set('failing', 0, 'lower', failed(10))];
    expect(bestOf(sets)).toEqual(['all']);
    expect(buildSeries(sets, facts).sets.map(({name, complete, best}) => [name, complete, best])).toEqual([
      ['all', true, ['mse']],
      ['failed', false, []],
      ['failing', false, []],
    ]);
    const missing = set('missing', 1, 'lower', {counts: {samples: 9, ok: 9, undefined: 0, failed: 0}});
    expect(bestOf([set('all', 2), missing])).toEqual(['all']);
    // Where every set lacks something, those that lack least are compared.
    expect(bestOf([set('one', 2, 'lower', failed(1)), missing, set('two', 0, 'lower', failed(2))])).toEqual([
      'missing',
    ]);
  });
});

test('sets of other columns: each column has the sets that have it', () => {
  const other: Partial<Report> = {columns: [{name: 'iou', better: 'higher'}]};
  const summary = set('b', 0.5).report.summary.mse as Report['summary'][string];
  const sets = [set('a', 1), set('b', 1, 'lower', {...other, summary: {iou: summary}})];
  const {columns} = buildSeries(sets, facts);
  expect(columns.map(({name, values}) => [name, Object.keys(values)])).toEqual([
    ['mse', ['a']],
    ['iou', ['b']],
  ]);
});

test('a value over the pooled dataset has a column of its own, with its own best', () => {
  const rows = (values: readonly number[]): Row[] => values.map((value, i) => row(`${i}`, [value, 1, 1]));
  // reportOf pools by the largest value: the mean says b, the pooled value a.
  const sets = [
    {name: 'a', pred: 'a', report: reportOf(rows([5, 5]))},
    {name: 'b', pred: 'b', report: reportOf(rows([1, 7]))},
  ];
  const {columns} = buildSeries(sets, facts);
  expect(columns.map(({name, statistic, best}) => [name, statistic, best])).toEqual([
    ['mse', 'value', ['b']],
    ['mse.dataset', 'dataset', ['a']],
    ['-odd.part_1', 'value', []],
    ['total', 'value', ['a', 'b']],
  ]);
  expect(columns[1]?.values).toEqual({
    a: {value: 5, ci95: null, count: 2, undefined: 0, infinite: 0},
    b: {value: 7, ci95: null, count: 2, undefined: 0, infinite: 0},
  });
});

const gate = {name: 'g', level: 'error', expected: 'at most 1', actual: 2, verdict: 'fail', reason: ''} as const;

test('gates are counted by verdict', () => {
  const gates: Report['gates'] = [gate, gate, {...gate, verdict: 'pass'}, {...gate, level: 'warn'}];
  expect(buildSeries([set('a', 1, 'lower', {gates})], facts).sets[0]?.gates).toEqual({
    passed: 1,
    failed: 2,
    warnings: 1,
  });
});

describe('series.csv', () => {
  test('a line a set; infinite and missing values as in rows.csv', () => {
    const sets = [
      set('epoch-1', 0.25),
      set('epoch-2', Number.POSITIVE_INFINITY),
      set('epoch-10', null, 'lower', failed(10)),
    ];
    expect(seriesCsv(buildSeries(sets, facts))).toBe(
      [
        'set,samples,ok,undefined,failed,missing,gates_failed,best,mse',
        'epoch-1,10,10,0,0,0,0,mse,0.25',
        'epoch-2,10,10,0,0,0,0,,inf',
        'epoch-10,10,0,0,10,0,0,,',
        '',
      ].join('\n'),
    );
  });

  test('an independent reader gives any name back, and no cell begins as a formula', () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const [head, cells] = parse(seriesCsv(buildSeries([set(name, 1)], facts))) as string[][];
        expect(cells).toHaveLength(head?.length ?? 0);
        const [first = ''] = cells ?? [];
        expect(first.startsWith("'") ? first.slice(1) : first).toBe(name);
        expect(first).not.toMatch(/^[=+\-@]/);
      }),
    );
  });
});

test('Markdown: the losses by set, a star at the best, counts of what went wrong where something did', () => {
  const sets = [set('a|b', 0.5), set('c', 0.25), set('d', 0.1, 'lower', {...failed(1), gates: [gate]})];
  expect(seriesMarkdown(buildSeries(sets, facts))).toBe(
    [
      '### cv-loss: 3 prediction sets',
      '',
      '| set | mse (lower) | n | failed | gates failed |',
      '| --- | --: | --: | --: | --: |',
      '| a&#124;b | 0.5 | 10 | 0 | 0 |',
      '| c | 0.25 ★ | 10 | 0 | 0 |',
      '| d | 0.1 | 10 | 1 | 1 |',
      '',
      '- best mse: c',
      '',
    ].join('\n'),
  );
});

describe('the files', () => {
  const series: SeriesReport = buildSeries([set('a', 1)], facts);
  const timing = {seconds: 1};

  async function write(
    dir: string,
    formats: Parameters<typeof openSeries>[0]['formats'] = ['csv', 'json'],
  ): Promise<void> {
    const writer = await openSeries({dir, formats});
    await writer.end(series, timing);
    await writer.publish();
  }

  test('appear at publish', async () => {
    const dir = join(scratchFolder(), 'new', 'report');
    const writer = await openSeries({dir, formats: ['csv', 'json', 'markdown']});
    await writer.end(series, timing);
    expect(readdirSync(dir).every((name) => name.startsWith('.'))).toBe(true);
    await writer.publish();
    await writer.abandon();
    expect(readdirSync(dir).sort()).toEqual(['series.csv', 'series.json', 'series.md', 'timing.json']);
    expect(JSON.parse(readFileSync(join(dir, 'series.json'), 'utf8'))).toEqual(series);
  });

  test('abandon: those of an earlier series stay, a directory made for them goes', async () => {
    const root = scratchFolder();
    const dir = join(root, 'report');
    await write(dir);
    const before = readFileSync(join(dir, 'series.json'), 'utf8');
    const writer = await openSeries({dir, formats: ['csv', 'json']});
    await writer.end({...series, version: 'other'}, timing);
    await writer.abandon();
    expect(readdirSync(dir).sort()).toEqual(['series.csv', 'series.json', 'timing.json']);
    expect(readFileSync(join(dir, 'series.json'), 'utf8')).toBe(before);
    await (await openSeries({dir: join(root, 'a', 'b'), formats: []})).abandon();
    expect(readdirSync(root)).toEqual(['report']);
  });

  test('a series takes the place of a single report, and the other way round; the sets keep theirs', async () => {
    const dir = join(scratchFolder(), 'report');
    await writeReport(dir, [row('a', [1, 2, 3])], ['csv', 'jsonl', 'json']);
    await write(dir, ['csv', 'json', 'markdown']);
    expect(readdirSync(dir).sort()).toEqual(['series.csv', 'series.json', 'series.md', 'timing.json']);
    await write(dir);
    expect(readdirSync(dir).sort()).toEqual(['series.csv', 'series.json', 'timing.json']);
    await writeReport(join(dir, 'epoch-1'), [row('a', [1, 2, 3])], ['csv', 'json']);
    await writeReport(dir, [row('a', [1, 2, 3])], ['csv', 'json']);
    expect(readdirSync(dir).sort()).toEqual(['epoch-1', 'report.json', 'rows.csv', 'timing.json']);
  });

  test("a file of somebody else's is not overwritten", async () => {
    const dir = scratchFolder();
    writeFileSync(join(dir, 'series.csv'), 'mine');
    await expect(openSeries({dir, formats: ['csv', 'json']})).rejects.toThrow(
      `${join(dir, 'series.csv')} is there and is no report of cv-loss; choose another place for the report`,
    );
    expect(readdirSync(dir)).toEqual(['series.csv']);
    mkdirSync(join(dir, 'sub', 'series.json'), {recursive: true});
    await expect(openSeries({dir: join(dir, 'sub'), formats: []})).rejects.toThrow('it is a folder');
  });

  test('nothing is written where no directory is given', async () => {
    const writer = await openSeries({dir: null, formats: ['csv']});
    await writer.end(series, timing);
    await writer.publish();
    await writer.abandon();
  });
});
