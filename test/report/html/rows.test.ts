import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Rows} from '../../../src/report/html/client/rows.js';
import {inertJson} from '../../../src/report/html/inert-json.js';
import type {RowChunk} from '../../../src/report/html/page-data.js';
import {RowChunks} from '../../../src/report/html/row-chunks.js';
import {isUndefinedValue, type Row} from '../../../src/rows/row.js';
import {anyRow, COLUMNS, hostileText, row} from '../rows.js';

/** The rows as a page has them, by way of its text. */
function inPage(rows: readonly Row[], chunks = new RowChunks(COLUMNS)): Rows {
  const made = [...rows.map((one) => chunks.add(one)), chunks.rest()].filter((chunk) => chunk !== null);
  return new Rows(
    COLUMNS,
    made.map((chunk) => JSON.parse(inertJson(chunk)) as RowChunk),
  );
}

test('a page has the rows that went into it, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(anyRow, {maxLength: 8}), (given) => {
      const rows = inPage(given);
      expect(rows.keys).toEqual(given.map(({key}) => key));
      given.forEach((one, at) => {
        expect(rows.statusOf(at)).toBe(one.status);
        expect(rows.reasons.get(at) ?? '').toBe(one.status === 'ok' ? '' : one.reason);
        expect([rows.width[at], rows.height[at]]).toEqual([one.width ?? Number.NaN, one.height ?? Number.NaN]);
        if (one.group !== undefined) expect(rows.group(at)).toBe(one.group);
        COLUMNS.forEach(({name}, column) => {
          const cell = one.cells[name] ?? null;
          const number = cell === null || cell === 'n/a' || isUndefinedValue(cell) ? Number.NaN : cell;
          expect(rows.value(at, column)).toBe(number);
          expect(rows.isNotApplicable(at, column)).toBe(cell === 'n/a');
        });
      });
    }),
  );
});

test('many rows come in chunks, each found by its key', () => {
  const rows = inPage(Array.from({length: 12_001}, (_, i) => row(`key-${i}`, [i, 0, -i])));
  expect(rows.count).toBe(12_001);
  for (const at of [0, 4999, 5000, 12_000]) {
    expect(rows.rowOf(`key-${at}`)).toBe(at);
    expect(rows.value(at, 2)).toBe(0 - at);
  }
});

test('rows beyond what a browser holds are left out and counted, but not those in trouble', () => {
  const chunks = new RowChunks(COLUMNS, 3);
  const all = Array.from({length: 10}, (_, i) => {
    return row(`${i}`, [i, i, i], i === 7 ? {status: 'failed', reason: 'broken: it is'} : {});
  });
  expect(inPage(all, chunks).keys).toEqual(['0', '1', '2', '7']);
  expect(chunks.omitted).toBe(6);
});

test('no text ends the element that data stand in', () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.constantFrom('</script>', '<!--', ']]>', '&lt;')), (text) => {
      const json = inertJson({[text]: text});
      expect(json).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(json)).toEqual(Object.fromEntries([[text, text]]));
    }),
  );
});
