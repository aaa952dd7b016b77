import {expect, test} from 'vitest';
import {ChangedPairs} from '../../src/drawing/changed-pairs.js';
import type {Cell, Row} from '../../src/rows/row.js';

function row(key: string, cells: Readonly<Record<string, Cell>>): Row {
  return {key, status: 'ok', reason: '', width: 1, height: 1, cells, sha256: {pred: `${key} ${cells.mse}`}};
}

test('those that changed most in each direction, whatever the order, with the hashes of both; as a sort finds them', () => {
  const columns = [
    {name: 'mse', better: 'lower'},
    {name: 'ssim', better: 'higher'},
    {name: 'count', better: 'none'},
  ] as const;
  const pairs = new ChangedPairs(columns, 3);
  const values = Array.from({length: 400}, (_, i) => [(i * 37) % 401, (i * 101) % 401] as const);
  for (const [i, [old, now]] of values.entries()) {
    const cells = (value: number) => ({mse: value, ssim: value, count: value});
    pairs.add(row(`${i}`, cells(old)), row(`${i}`, cells(now)));
  }
  pairs.add(row('inf', {mse: Infinity, ssim: null}), row('inf', {mse: Infinity, ssim: 1}));
  const sorted = values.map(([old, now], i) => ({key: `${i}`, growth: now - old})).sort((a, b) => b.growth - a.growth);
  const grown = sorted.slice(0, 3).map(({key}) => key);
  const shrunk = sorted.slice(-3).reverse();
  const lists = pairs.byColumn().map(({name, worsened, improved}) => {
    return [name, worsened.map(({key}) => key), improved.map(({key}) => key)];
  });
  const fallen = shrunk.map(({key}) => key);
  expect(lists).toEqual([
    ['mse', grown, fallen],
    ['ssim', fallen, grown],
  ]);
  const [first] = pairs.byColumn()[0]?.worsened ?? [];
  const [old, now] = values[Number(first?.key)] ?? [];
  expect(first).toEqual({
    key: grown[0],
    values: [old, now],
    sha256: [{pred: `${grown[0]} ${old}`}, {pred: `${grown[0]} ${now}`}],
  });
});
