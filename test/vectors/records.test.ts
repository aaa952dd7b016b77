import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {CsvMistake, Records} from '../../src/vectors/records.js';

/** The records of a text given in pieces, and the lines where they begin. */
function recordsOf(pieces: readonly string[]): {readonly cells: readonly string[]; readonly line: number}[] {
  const found: {readonly cells: readonly string[]; readonly line: number}[] = [];
  const records = new Records((cells, line) => found.push({cells: [...cells], line}));
  for (const piece of pieces) records.add(piece);
  records.end();
  return found;
}

function mistakeOf(text: string): {readonly line: number; readonly message: string} {
  try {
    recordsOf([text]);
  } catch (error) {
    if (error instanceof CsvMistake) return {line: error.line, message: error.message};
    throw error;
  }
  throw new Error('expected a CsvMistake');
}

const cell = fc.string({unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r\n', ' ', 'é'), maxLength: 4});

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

test('is what csv-parse reads, wherever the chunks end', () => {
  const table = fc.array(fc.array(cell, {minLength: 2, maxLength: 3}), {maxLength: 6});
  fc.assert(
    fc.property(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.integer({min: 1, max: 7}),
      (rows, end, last, size) => {
        const text = rows.map((row) => row.map(quoted).join(',')).join(end) + (last ? end : '');
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        const expected = parse(text, {
          relax_column_count: true,
          skip_empty_lines: true,
          record_delimiter: ['\r\n', '\n'],
        }) as string[][];
        const normal = (cells: readonly string[]) => cells.map((one) => one.replaceAll('\r\n', '\n'));
        expect(recordsOf(pieces).map(({cells}) => normal(cells))).toEqual(expected.map(normal));
      },
    ),
  );
});

test('a record has the line where it begins; blank lines count and are no records', () => {
  expect(recordsOf(['a,b\n\n"1\n2",x\r\n', '3,y'])).toEqual([
    {cells: ['a', 'b'], line: 1},
    {cells: ['1\n2', 'x'], line: 3},
    {cells: ['3', 'y'], line: 5},
  ]);
});

test.each([
  ['a,b\n"1,2\n3,4\n', 2, 'a quoted cell is never closed'],
  ['a,b\n1,2"x"\n', 2, 'a quote inside a cell that is not quoted (quote the cell, and write the quote twice)'],
  ['a,b\n"1"2,3\n', 2, 'text after the closing quote of a cell (write a quote inside a cell twice)'],
])('%j is no CSV', (text, line, message) => {
  expect(mistakeOf(text)).toEqual({line, message});
});
