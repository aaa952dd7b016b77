import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {LossColumns} from '../../src/losses/contract.js';
import type {Cell, Column, Direction, Row} from '../../src/rows/row.js';
import {type AggregatedLoss, Aggregator} from '../../src/run/aggregate.js';

const MSE: Column = {name: 'mse', better: 'lower'};
const PSNR: Column = {name: 'psnr', better: 'higher'};
const {POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: MINUS_INF} = Number;

function row(key: string, cells: Record<string, Cell>, extra: Partial<Row> = {}): Row {
  return {key, status: 'ok', reason: '', width: 1, height: 1, cells, sha256: {}, ...extra};
}

function aggregate(
  columns: readonly Column[],
  rows: readonly Row[],
  losses: readonly AggregatedLoss[] = [],
): Aggregator {
  const aggregator = new Aggregator(columns, losses);
  for (const each of rows) aggregator.add(each);
  return aggregator;
}

const ofCells = (cells: readonly Cell[]) =>
  aggregate(
    [MSE],
    cells.map((mse, i) => row(`k${i}`, {mse})),
  ).summary().mse;

test('numbers: value is the mean, the rest by hand', () => {
  expect(ofCells([3, 1, 2, 6])).toEqual({
    value: 3,
    count: 4,
    undefined: 0,
    infinite: 0,
    mean: 3,
    std: Math.sqrt(14 / 3),
    min: 1,
    p05: expect.closeTo(1.15, 12),
    p25: 1.75,
    median: 2.5,
    p75: 3.75,
    p95: expect.closeTo(5.55, 12),
    max: 6,
    ci95: [expect.any(Number), expect.any(Number)],
    ci95_method: 'bootstrap',
  });
});

test('infinite cells are counted apart, undefined ones counted, n/a and failed ones not there at all', () => {
  const summary = ofCells([1, INF, {undefined: 'empty'}, 'n/a', null, 3, MINUS_INF, Number.NaN]);
  expect(summary).toMatchObject({count: 4, infinite: 2, undefined: 2, mean: 2, value: 2, min: 1, max: 3});
});

test('without a finite row the mean is the infinite one, and null where there is none', () => {
  const nothing = {std: null, min: null, median: null, max: null, ci95: null, ci95_method: null};
  expect(ofCells([INF, INF])).toMatchObject({...nothing, mean: INF, value: INF, count: 2, infinite: 2});
  expect(ofCells([MINUS_INF])).toMatchObject({...nothing, mean: MINUS_INF, value: MINUS_INF, count: 1});
  expect(ofCells([INF, MINUS_INF])).toMatchObject({...nothing, mean: null, value: null, count: 2});
  expect(ofCells(['n/a', null, {undefined: 'x'}])).toMatchObject({...nothing, mean: null, count: 0, undefined: 1});
  expect(ofCells([])).toMatchObject({...nothing, mean: null, value: null, count: 0});
});

test('rows are counted by status', () => {
  const rows = (['ok', 'failed', 'undefined', 'ok'] as const).map((status, i) => row(`k${i}`, {mse: 1}, {status}));
  expect(aggregate([MSE], rows).counts()).toEqual({samples: 4, ok: 2, undefined: 1, failed: 1});
});

test('groups: each as if it were alone, by name, whatever the name', () => {
  const groups = ['b', 'a', '__proto__', 'b', undefined];
  const rows = groups.map((group, i) => row(`k${i}`, {mse: i, psnr: INF}, group === undefined ? {} : {group}));
  const grouped = aggregate([MSE, PSNR], rows).groups();
  expect(Object.keys(grouped)).toEqual(['__proto__', 'a', 'b']);
  expect(grouped.b).toEqual(
    aggregate(
      [MSE, PSNR],
      rows.filter(({group}) => group === 'b'),
    ).summary(),
  );
  expect(Object.getOwnPropertyDescriptor(grouped, '__proto__')?.value.mse.count).toBe(1);
  expect(aggregate([MSE], [row('k', {mse: 1})]).groups()).toEqual({});
});

test("a loss's own aggregates: beside the usual, may replace value, from rows where all its parts are numbers", () => {
  const seen: LossColumns[] = [];
  const iou: AggregatedLoss = {
    id: 'mask',
    options: {scale: 10},
    instance: {
      columns: ['', 'hits', 'all.1'].map((part) => ({part, better: 'higher' as Direction})),
    },
    descriptor: {
      aggregate(columns, options) {
        seen.push(columns);
        const sum = (part: string) => columns.column(part).reduce((a, b) => a + b, 0);
        return {dataset: sum('hits') / sum('all.1'), value: Number(options.scale) * 2};
      },
    },
  };
  const columns: Column[] = ['mask', 'mask.hits', 'mask.all_1'].map((name) => ({name, better: 'higher'}));
  const cells = (a: Cell, b: Cell, c: Cell) => ({mask: a, 'mask.hits': b, 'mask.all_1': c});
  const rows = [
    row('a', cells(0.5, 1, 2)),
    row('b', cells({undefined: 'empty'}, 0, 0)),
    row('c', cells(INF, 9, 18)),
    row('d', cells(0.1, 100, null)),
  ];
  const {mask} = aggregate(columns, rows, [iou]).summary();
  expect(mask).toMatchObject({value: 20, dataset: 0.5, mean: 0.3, count: 3, undefined: 1});
  expect(seen[0]?.parts).toEqual(['', 'hits', 'all.1']);
  expect(seen[0]?.column('')).toEqual([0.5, INF]);
  expect(seen[0]?.numbers('hits')).toEqual([1, 0, 9, 100]);
  expect(seen[0]?.numbers('all.1')).toEqual([2, 0, 18]);
  expect(() => seen[0]?.column('toString')).toThrow("no column 'toString'");
});

test('worst: the largest where lower is better, the smallest where higher is, infinite ones too, ties by key', () => {
  const cells: [string, Cell, Cell][] = [
    ['a', 1, 30],
    ['b', {undefined: 'x'}, INF],
    ['c', 5, 10],
    ['d', 5, 10],
    ['e', INF, MINUS_INF],
    ['f', null, null],
    ['g', 'n/a', 20],
  ];
  const columns: Column[] = [MSE, PSNR, {name: 'part', better: 'none'}];
  const aggregator = aggregate(
    columns,
    cells.map(([key, mse, psnr]) => row(key, {mse, psnr, part: 1})),
  );
  const keys = (column: string, count: number) => aggregator.worst(column, count).map(({key}) => key);
  expect(keys('mse', 10)).toEqual(['e', 'c', 'd', 'a']);
  expect(keys('psnr', 4)).toEqual(['e', 'c', 'd', 'g']);
  expect(keys('psnr', 10).at(-1)).toBe('b');
  expect(keys('part', 10)).toEqual([]);
  expect(aggregator.worst('mse', 1)).toEqual([{key: 'e', value: INF}]);
  expect(() => aggregator.worst('total', 1)).toThrow("no column 'total'");
});

test('worst agrees with a stable sort of all rows', () => {
  const values = fc.array(fc.integer({min: 0, max: 20}), {maxLength: 300});
  fc.assert(
    fc.property(values, fc.integer({min: 0, max: 100}), (numbers, count) => {
      const rows = numbers.map((value, i) => row(`k${i}`, {mse: value}));
      const sorted = rows.toSorted((a, b) => Number(b.cells.mse) - Number(a.cells.mse)).slice(0, count);
      expect(
        aggregate([MSE], rows)
          .worst('mse', count)
          .map(({key}) => key),
      ).toEqual(sorted.map(({key}) => key));
    }),
  );
});
