import fc from 'fast-check';
import {expect, test} from 'vitest';
import {journalLine, parseJournalLine} from '../../src/journal/line.js';
import {fromStored, type RowEntry, toStored} from '../../src/journal/row-entry.js';
import type {Cell, Row} from '../../src/rows/row.js';

const COLUMNS = ['mse', 'iou.road', '-odd_'];

/** What the file gives of an entry. */
function stored(entry: RowEntry, columns: readonly string[] = COLUMNS): RowEntry | null {
  return fromStored(parseJournalLine(Buffer.from(journalLine(toStored(entry, columns)).slice(0, -1))), columns);
}

const text = fc.string({unit: 'binary'});
const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.double({noNaN: true}),
  fc.constantFrom<Cell>(-0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 'n/a', null),
  text.map((reason) => ({undefined: reason})),
);
const size = fc.option(fc.nat());
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const roles = fc.constantFrom('pred', 'target', 'Zürich "q"\n');
const states = fc.array(
  fc.tuple(fc.nat(), fc.double({noNaN: true, noDefaultInfinity: true}), fc.nat(), fc.maxSafeNat()),
);
const row: fc.Arbitrary<Row> = fc.record(
  {
    key: text,
    status: fc.constantFrom('ok', 'undefined', 'failed'),
    reason: text,
    width: size,
    height: size,
    cells: fc
      .tuple(cell, cell, cell)
      .map((cells) => Object.fromEntries(COLUMNS.map((name, i) => [name, cells[i] as Cell]))),
    sha256: fc.dictionary(roles, hex, {noNullPrototype: true}),
    group: text,
  },
  {noNullPrototype: true, requiredKeys: ['key', 'status', 'reason', 'width', 'height', 'cells', 'sha256']},
);

test('any row comes back with nothing lost: every kind of cell, the reasons of undefined ones, the sign of 0', () => {
  const files = fc.dictionary(roles, states, {noNullPrototype: true});
  fc.assert(
    fc.property(row, files, (made, ofFiles) => {
      // JSON has no sign of zero, which a file's numbers do not need.
      const entry = {row: made, files: JSON.parse(JSON.stringify(ofFiles)) as RowEntry['files']};
      expect(stored(entry)).toStrictEqual(entry);
    }),
  );
});

const ENTRY: RowEntry = {
  row: {
    key: 'a',
    status: 'ok',
    reason: '',
    width: 4,
    height: 3,
    cells: {mse: -0, 'iou.road': 'n/a', '-odd_': null},
    sha256: {},
  },
  files: {pred: [[1, 2.5, 3, 4]]},
};

test('a row without a group has none, cells come in the order of the columns', () => {
  const back = stored(ENTRY);
  expect(back).toStrictEqual(ENTRY);
  expect(Object.keys(back?.row ?? {})).not.toContain('group');
  expect(Object.keys(back?.row.cells ?? {})).toEqual(COLUMNS);
  expect(Object.is(back?.row.cells.mse, -0)).toBe(true);
});

test.each<[string, unknown]>([
  ['null', null],
  ['the number of rows', {rows: 3}],
  ['a row of other columns', toStored(ENTRY, ['mse'])],
  ['a key more', {...toStored(ENTRY, COLUMNS), more: 1}],
  ['a status of another version', {...toStored(ENTRY, COLUMNS), status: 'skipped'}],
  ['a cell of another kind', {...toStored(ENTRY, COLUMNS), cells: [1, 'infinite', null]}],
  ['no hashes', {...toStored(ENTRY, COLUMNS), sha256: undefined}],
])('%s is no entry', (_, value) => {
  expect(fromStored(value, COLUMNS)).toBeNull();
});
