import fc from 'fast-check';
import {expect, test} from 'vitest';
import {notFinite, numberOf} from '../../src/vectors/number-cell.js';

test('reads every float64 back from its shortest text, spaces around it aside', () => {
  const finite = fc.double({noNaN: true, noDefaultInfinity: true});
  fc.assert(
    fc.property(finite, fc.constantFrom('', ' '), (value, space) => numberOf(`${space}${value}${space}`) === value),
  );
});

test.each([
  ['1e-3', 0.001],
  ['-0', -0],
  ['.5', 0.5],
  ['+2.', 2],
  ['0e5', 0],
  ['1E5', 100000],
])('%j is a number', (cell, value) => {
  expect(numberOf(cell)).toBe(value);
});

test.each([
  ['', 'an empty cell'],
  ['  ', 'an empty cell'],
  ['nan', 'NaN'],
  ['-NaN', 'NaN'],
  ['inf', 'inf'],
  ['-Infinity', '-Infinity'],
  ['0x10', "'0x10'"],
  [' 0b1', "'0b1'"],
  ['1,5', "'1,5'"],
  ['1_000', "'1_000'"],
])('%j is none: %s', (cell, text) => {
  expect(Number.isFinite(numberOf(cell))).toBe(false);
  expect(notFinite(cell)).toBe(text);
});
