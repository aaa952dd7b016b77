import fc from 'fast-check';
import {expect, test} from 'vitest';
import {guarded, unguarded} from '../../src/vectors/guarded-cell.js';

test('a cell that a spreadsheet would run gets a quote in front, and every text comes back', () => {
  expect(['=1+1', '+1', '-1', '@a', '\t=1', "'=1", '＝1'].map(guarded)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@a",
    "'\t=1",
    "''=1",
    "'＝1",
  ]);
  expect(["'tis", 'a=b', '', "it's"].map(guarded)).toEqual(["'tis", 'a=b', '', "it's"]);
  const pieces = fc
    .array(fc.constantFrom("'", '=', '-', 'a', '@', '\n', '＋'), {maxLength: 6})
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(pieces, (text) => {
      expect(guarded(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      expect(unguarded(guarded(text))).toBe(text);
    }),
  );
});

test('what a user wrote without a guard is read as it is', () => {
  expect(['=1', "'tis", "'", 'a'].map(unguarded)).toEqual(['=1', "'tis", "'", 'a']);
});
