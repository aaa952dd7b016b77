import {type Cell, type Column, isUndefinedValue, type Row} from '../rows/row.js';
import type {ReportFormat} from './format.js';
import {jsonNumber} from './json-value.js';

/**
 * rows.jsonl: one JSON object a line, `{key, status, reason, width, height, values, sha256, group?}`. `values`
 * holds a number, `"inf"`, `"-inf"`, `"n/a"`, or null for no value, by column; `sha256` the hash of the bytes that
 * were scored, by role.
 */
export const jsonl: ReportFormat = {
  file: 'rows.jsonl',
  open: async (output, columns) => ({
    row: (row) => output.write(`${lineText(lineOf(row, columns))}\n`),
    end: async () => undefined,
  }),
};

/** The two line separators of Unicode are escaped: some readers, Node's among them, end lines there. */
function lineText(line: object): string {
  return JSON.stringify(line).replace(/[\u2028\u2029]/g, (c) => (c === '\u2028' ? '\\u2028' : '\\u2029'));
}

function lineOf(row: Row, columns: readonly Column[]): object {
  const {key, status, reason, width, height, sha256, group} = row;
  const values = Object.fromEntries(columns.map(({name}) => [name, cellValue(row.cells[name] ?? null)]));
  return {key, status, reason, width, height, values, sha256, ...(group === undefined ? {} : {group})};
}

function cellValue(cell: Cell): number | string | null {
  if (typeof cell === 'number') return jsonNumber(cell);
  return isUndefinedValue(cell) ? null : cell;
}
