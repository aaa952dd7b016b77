import {expect, test} from 'vitest';
import {joinRuns} from '../../src/gate/pair-rows.js';
import type {Cell, Row} from '../../src/rows/row.js';

const columns = [
  {name: 'mse', better: 'lower'},
  {name: 'psnr', better: 'higher'},
  {name: 'count', better: 'none'},
] as const;

function row(key: string, mse: Cell, sha256: Row['sha256'] = {}, status: Row['status'] = 'ok'): Row {
  return {key, status, reason: '', width: 1, height: 1, cells: {mse, psnr: 2, count: 1}, sha256};
}

test('values side by side, numbers that are gone or new by their keys', async () => {
  const before = [row('a', 1), row('b', 2), row('c', null), row('d', {undefined: 'empty'}), row('e', 5), row('f', 6)];
  const after = [row('e', 50), row('a', 10), row('b', null), row('c', 30), row('d', 'n/a'), row('g', 70)];
  const joined = await joinRuns({columns, rows: before}, {columns, rows: after});
  expect(joined).toMatchObject({
    columns: [
      {name: 'mse', better: 'lower', keys: ['e', 'a'], lost: ['b'], gained: ['c']},
      {name: 'psnr', better: 'higher', keys: ['e', 'a', 'b', 'c', 'd'], lost: [], gained: []},
    ],
    removed: ['f'],
    added: ['g'],
    common: 5,
  });
  expect(joined.columns).toHaveLength(2);
  expect(joined.columns[0]?.baseline).toEqual(Float64Array.of(5, 1));
  expect(joined.columns[0]?.candidate).toEqual(Float64Array.of(50, 10));
});

test('a column is shared where both runs have it by name and direction', async () => {
  const named = async (before: 'lower' | 'higher', name: string) => {
    const one = {
      columns: [
        {name: 'mse', better: before},
        {name: 'other', better: 'lower'},
      ] as const,
      rows: [],
    };
    const {
      columns: shared,
      removedColumns,
      addedColumns,
    } = await joinRuns(one, {
      columns: [{name, better: 'lower'}],
      rows: [],
    });
    return {shared: shared.map((column) => column.name), removedColumns, addedColumns};
  };
  expect(await named('lower', 'mse')).toEqual({shared: ['mse'], removedColumns: ['other'], addedColumns: []});
  expect(await named('higher', 'mse')).toEqual({shared: [], removedColumns: ['other'], addedColumns: []});
  expect(await named('lower', 'new')).toEqual({shared: [], removedColumns: ['mse', 'other'], addedColumns: ['new']});
});

test.each([
  ['the same bytes', {target: '1', pred: '1'}, {target: '1', pred: '2'}, []],
  ['another target', {target: '1', pred: '1'}, {target: '2', pred: '1'}, ['a']],
  ['one of several', {target: '1', mask: '1'}, {target: '1', mask: '2'}, ['a']],
  ['a mask that was not there', {target: '1'}, {target: '1', mask: '2'}, []],
  ['a mask that is gone', {target: '1', mask: '2'}, {target: '1'}, []],
  ['no hashes before', {}, {target: '1'}, null],
  ['no hashes now', {target: '1'}, {}, null],
])('data that the prediction is held against: %s', async (_, before, after, changed) => {
  const joined = await joinRuns({columns, rows: [row('a', 1, before)]}, {columns, rows: [row('a', 1, after)]});
  expect(joined.changed).toEqual(changed);
});

test('a failed row has no hashes by its nature, and says nothing of bytes', async () => {
  const one = [row('a', null, {}, 'failed'), row('b', 1, {target: '1'})];
  const other = [row('a', 1, {target: '2'}), row('b', 1, {target: '2'})];
  expect((await joinRuns({columns, rows: one}, {columns, rows: other})).changed).toEqual(['b']);
});
