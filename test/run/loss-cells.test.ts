import {expect, test} from 'vitest';
import {batchCells, fusedCells} from '../../src/run/loss-cells.js';

const COLUMNS = [
  {part: '', better: 'lower'},
  {part: 'a.b', better: 'none'},
] as const;
const loss = {id: 'mine', descriptor: {id: 'own'}, instance: {columns: COLUMNS}} as unknown as Parameters<
  typeof batchCells
>[0];

test('cells are named by column, and a computed NaN becomes undefined', () => {
  expect(batchCells(loss, {'': [1, Number.NaN], 'a.b': [{undefined: 'no mask'}, -Infinity]}, 2)).toEqual([
    {mine: 1, 'mine.a_b': {undefined: 'no mask'}},
    {mine: {undefined: 'computed NaN'}, 'mine.a_b': -Infinity},
  ]);
  expect(fusedCells(loss, {'': Number.NaN, 'a.b': 'n/a'})).toEqual({
    mine: {undefined: 'computed NaN'},
    'mine.a_b': 'n/a',
  });
});

test('typed arrays are lists of numbers', () => {
  const given = {'': Float32Array.of(0.5, Number.NaN), 'a.b': Float64Array.of(2, 3)} as unknown as Parameters<
    typeof batchCells
  >[1];
  expect(batchCells(loss, given, 2)).toEqual([
    {mine: 0.5, 'mine.a_b': 2},
    {mine: {undefined: 'computed NaN'}, 'mine.a_b': 3},
  ]);
});

test.each<[unknown, string]>([
  [undefined, 'perSample gave undefined, expected a map of its columns'],
  [7, 'perSample gave 7, expected a map of its columns'],
  [{'': [1, 2]}, "loss 'own' gave no value for its column 'a.b'"],
  [{'': [1], 'a.b': [1, 2]}, "perSample gave 1 value for its column '', expected 2 values, one a sample"],
  [{'': [1, 2, 3], 'a.b': [1, 2]}, "perSample gave 3 values for its column '', expected 2 values, one a sample"],
  [{'': 1, 'a.b': [1, 2]}, "perSample gave 1 for its column '', expected 2 values, one a sample"],
  [{'': null, 'a.b': [1, 2]}, "perSample gave null for its column '', expected 2 values, one a sample"],
  [{'': [1, 2], 'a.b': [1, 2], c: [1, 2]}, "perSample gave a column 'c', expected those that it declares: '', 'a.b'"],
  [{'': [1, '2'], 'a.b': [1, 2]}, "loss 'own' gave '2' for its column '', expected a number or {undefined: 'why'}"],
  [{'': [1, null], 'a.b': [1, 2]}, "loss 'own' gave null for its column '', expected a number or {undefined: 'why'}"],
  [{'': [1, undefined], 'a.b': [1, 2]}, "loss 'own' gave no value for its column ''"],
  [
    {'': [{undefined: ''}, 1], 'a.b': [1, 2]},
    "loss 'own' gave [object Object] for its column '', expected a number or {undefined: 'why'}",
  ],
])('%j', (given, message) => {
  expect(() => batchCells(loss, given as never, 2)).toThrow(new TypeError(message));
});

test('a fused form may not give columns beside those declared', () => {
  expect(() => fusedCells(loss, {'': 1, 'a.b': 2, c: 3})).toThrow("fused gave a column 'c'");
});
