import {type Cell, type Column, isUndefinedValue, type Row} from '../rows/row.js';
import {textField} from './csv-text.js';
import type {ReportFormat} from './format.js';
import {jsonNumber} from './json-value.js';

/** The columns before those of the losses. */
export const BASE_COLUMNS = ['key', 'status', 'reason', 'width', 'height'] as const;

/**
 * rows.csv: RFC 4180 with LF line ends, a header, a line a row. Numbers as JavaScript writes them, the shortest
 * text that reads back as the same float64; `inf`, `-inf`; empty for no value; `n/a`. Text that a spreadsheet would
 * run as a formula gets a leading `'`, which readers remove.
 *
 * Own writer: csv-stringify guards formulas in numbers' text (`-inf`) too, gives `'=x` and `=x` the same field,
 * and leaves a bare CR unquoted.
 */
export const csv: ReportFormat = {
  file: 'rows.csv',
  async open(output, columns) {
    await output.write(csvHeader(columns));
    return {
      row: (row) => output.write(csvLine(row, columns)),
      end: async () => undefined,
    };
  },
};

function csvHeader(columns: readonly Column[]): string {
  return `${[...BASE_COLUMNS, ...columns.map(({name}) => name)].map(textField).join(',')}\n`;
}

function csvLine(row: Row, columns: readonly Column[]): string {
  const size = `${row.width ?? ''},${row.height ?? ''}`;
  let line = `${textField(row.key)},${row.status},${textField(row.reason)},${size}`;
  for (const {name} of columns) line += `,${cellField(row.cells[name] ?? null)}`;
  return `${line}\n`;
}

function cellField(cell: Cell): string {
  if (typeof cell === 'number') return String(jsonNumber(cell) ?? '');
  return cell === null || isUndefinedValue(cell) ? '' : cell;
}
