import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {filterRows} from '../../../src/report/html/client/filter.js';
import {histogramOf} from '../../../src/report/html/client/histogram.js';
import {alignedText, countText, numberText} from '../../../src/report/html/client/number-text.js';
import {extremes, sortRows} from '../../../src/report/html/client/order.js';
import {Rows} from '../../../src/report/html/client/rows.js';
import type {PageCell} from '../../../src/report/html/page-data.js';

const cell = fc.oneof(
  fc.constantFrom<PageCell>(null, 'n/a', 'inf', '-inf', 0, 1),
  fc.double({noNaN: true, noDefaultInfinity: true}),
);

/** Rows of one column and, as their groups, some of a few names. */
function rowsOf(cells: readonly PageCell[], groups = cells.map((_, i) => ['b', 'a', ''][i % 3] ?? '')): Rows {
  const keys = cells.map((_, i) => `key-${i}`);
  return new Rows([{name: 'mse', better: 'lower'}], [{keys, cells: [cells], width: 4, height: 4, groups, flagged: []}]);
}

const numbers = (cells: readonly PageCell[]) =>
  cells.map((one) => (one === 'inf' ? Infinity : one === '-inf' ? -Infinity : typeof one === 'number' ? one : null));

describe('the order of rows', () => {
  test.each([true, false])(
    'is as a plain sort gives it (descending: %s), those without a number last',
    (descending) => {
      fc.assert(
        fc.property(fc.array(cell), (cells) => {
          const values = numbers(cells);
          const present = [...cells.keys()].filter((at) => values[at] !== null);
          const missing = [...cells.keys()].filter((at) => values[at] === null);
          const isBefore = (a: number, b: number) => Number(values[a]) < Number(values[b]);
          const up = (a: number, b: number) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0);
          const plain = [...present.sort((a, b) => (descending ? up(b, a) : up(a, b)) || a - b), ...missing];
          const rows = rowsOf(cells);
          const all = Uint32Array.from(cells.keys());
          expect([...sortRows(rows, all, {by: 0, descending})]).toEqual(plain);
        }),
      );
    },
  );

  test('by group goes by its name', () => {
    const rows = rowsOf([1, 2, 3, 4]);
    expect([...sortRows(rows, Uint32Array.of(0, 1, 2, 3), {by: 'group', descending: false})]).toEqual([2, 1, 0, 3]);
  });

  test.each([true, false])('the few at an end are the first of a sort (largest: %s)', (largest) => {
    fc.assert(
      fc.property(fc.array(cell, {maxLength: 100}), fc.integer({min: 1, max: 6}), (cells, count) => {
        const rows = rowsOf(cells);
        const sorted = [...sortRows(rows, Uint32Array.from(cells.keys()), {by: 0, descending: largest})];
        const present = sorted.filter((at) => !Number.isNaN(rows.value(at, 0)));
        expect(extremes(rows.values[0] as Float64Array, count, largest)).toEqual(present.slice(0, count));
      }),
    );
  });
});

describe('a filter', () => {
  const rows = rowsOf([0.1, 0.5, 'inf', null]);
  const keep = (text: string) => [...filterRows(rows, {text, status: '', group: null})];
  test.each([
    ['', [0, 1, 2, 3]],
    ['KEY-1', [1]],
    ['mse<0.5', [0]],
    ['mse<=0.5', [0, 1]],
    ['mse>0.1', [1, 2]],
    ['mse>=.1', [0, 1, 2]],
    ['mse=inf', [2]],
    ['mse=5e-1', [1]],
    ['mse>0 key-0', [0]],
    ['"mse">0 "key-0"', [0]],
    ['"', []],
    ['unknown<1', []],
  ])('%j keeps the rows %j', (text, expected) => {
    expect(keep(text)).toEqual(expected);
  });

  test('by status and by group', () => {
    expect([...filterRows(rows, {text: '', status: 'infinite', group: null})]).toEqual([2]);
    expect([...filterRows(rows, {text: '', status: '', group: 'b'})]).toEqual([0, 3]);
  });
});

test('a histogram counts every finite value once, between its two ends', () => {
  fc.assert(
    fc.property(fc.array(fc.double(), {minLength: 1}), (given) => {
      const values = Float64Array.from(given);
      const finite = values.filter((value) => Number.isFinite(value));
      const histogram = histogramOf(values, 7);
      expect(histogram?.counts.reduce((sum, count) => sum + count, 0) ?? 0).toBe(finite.length);
      if (!histogram) return;
      expect(histogram.low).toBeLessThanOrEqual(Math.min(...finite));
      expect(histogram.high).toBeGreaterThanOrEqual(Math.max(...finite));
    }),
  );
  expect([...(histogramOf(Float64Array.of(0, 1, 2, 3, 4, 4), 4)?.counts ?? [])]).toEqual([1, 1, 1, 3]);
});

test('numbers as the page writes them', () => {
  expect(
    [0.123456789, 1234.5678, -0.5, 0, 1e-9, 12345678, Infinity, Number.NaN].map((value) => numberText(value)),
  ).toEqual(['0.12346', '1234.6', '−0.5', '0', '1.000e−9', '1.235e7', '∞', '–']);
  const losses = alignedText([0.010108, 0.00034]);
  expect([0.010108, 0.00034, -0.001].map(losses)).toEqual(['0.010108', '0.000340', '−0.001000']);
  expect([19.95, 34.665].map(alignedText([19.95, 34.665]))).toEqual(['19.950', '34.665']);
  expect([786_432, 5].map(alignedText([786_432]))).toEqual(['786\u202f432', '5']);
  expect([1, 1000, 100_000].map(countText)).toEqual(['1', '1\u202f000', '100\u202f000']);
});
