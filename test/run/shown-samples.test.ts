import {expect, test} from 'vitest';
import type {Cell, Row} from '../../src/rows/row.js';
import {ShownSamples} from '../../src/run/shown-samples.js';
import {random} from '../losses/random.js';

const COLUMNS = [
  {name: 'mse', better: 'lower'},
  {name: 'ssim', better: 'higher'},
  {name: 'count', better: 'none'},
] as const;

function row(key: string, cells: Record<string, Cell>): Row {
  return {key, status: 'ok', reason: '', width: 1, height: 1, cells, sha256: {pred: `hash ${key}`}};
}

const next = random(3);
const values = Array.from({length: 500}, () => next());
const rows = values.map((value, i) => row(String(i), {mse: value, ssim: value, count: value}));

function keys(shown: ConstructorParameters<typeof ShownSamples>[1], column: string, given = rows): number[] {
  const samples = new ShownSamples(COLUMNS, shown);
  for (const one of given) samples.add(one);
  return samples.of(column).map(({key, at, value, sha256}) => {
    expect([at, value, sha256.pred]).toEqual([Number(key), values[at], `hash ${key}`]);
    return at;
  });
}

const rising = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));

test('the worst and the best of a column, the first one first, with what finds and proves them', () => {
  const falling = rising.toReversed();
  expect(keys({of: 'worst', count: 7}, 'mse')).toEqual(falling.slice(0, 7));
  expect(keys({of: 'best', count: 7}, 'mse')).toEqual(rising.slice(0, 7));
  expect(keys({of: 'worst', count: 7}, 'ssim')).toEqual(rising.slice(0, 7));
  expect(keys({of: 'best', count: 200}, 'ssim')).toEqual(falling.slice(0, 200));
  expect(keys({of: 'worst', count: 7}, 'count')).toEqual([]);
});

test('all are those with a number, in key order', () => {
  expect(keys({of: 'all'}, 'mse')).toEqual(values.map((_, i) => i));
  const given = [row('0', {mse: {undefined: 'no'}}), row('1', {mse: values[1] as number}), row('2', {mse: null})];
  expect(keys({of: 'all'}, 'mse', given)).toEqual([1]);
});
