import {createReadStream} from 'node:fs';
import {pipeline} from 'node:stream';
import {CsvError, parse} from 'csv-parse';
import {printable} from '../printable.js';
import type {Row} from '../rows/row.js';
import {BASE_COLUMNS} from './csv.js';
import {unguardedText} from './csv-text.js';
import {damaged, isStatus, restoreRow, type StoredValue} from './stored-row.js';

/** Far longer than any row that is written; an open quote would take in the rest of the file. */
const LONGEST_RECORD = 1 << 24;

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;

/** The rows of a rows.csv with the given columns. Hashes and groups are not in that file. Throws UsageError with file and line. */
export async function* readCsvRows(path: string, columns: readonly string[]): AsyncGenerator<Row> {
  const header = [...BASE_COLUMNS, ...columns];
  let line = 1;
  let headerSeen = false;
  try {
    for await (const fields of csvRecords(path)) {
      const {record, info} = fields;
      if (!headerSeen) {
        if (record.map(unguardedText).join('\0') !== header.join('\0')) {
          throw damaged(path, 1, `expected the columns of report.json (${header.join(', ')})`);
        }
        headerSeen = true;
      } else yield rowOf(record, columns, (problem) => damaged(path, line, problem));
      line = info.lines + 1;
    }
  } catch (error) {
    if (error instanceof CsvError) throw damaged(path, line, shown(error.message.split('\n')[0] ?? ''), error);
    throw error;
  }
  if (!headerSeen) throw damaged(path, 1, 'the file is empty');
}

/** Text of the file in a message. */
function shown(text: string): string {
  return printable(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}

interface ParsedRecord {
  readonly record: string[];
  readonly info: {readonly lines: number};
}

function csvRecords(path: string): AsyncIterable<ParsedRecord> {
  const parser = parse({bom: true, record_delimiter: ['\n', '\r\n'], info: true, max_record_size: LONGEST_RECORD});
  // A read error destroys the parser, so it reaches whoever iterates.
  pipeline(createReadStream(path), parser, () => undefined);
  return parser;
}

function rowOf(record: readonly string[], columns: readonly string[], problem: (text: string) => Error): Row {
  const [key = '', status = '', reason = '', width = '', height = '', ...values] = record;
  if (!isStatus(status)) throw problem(`expected the status ok, undefined or failed, got '${shown(status)}'`);
  return restoreRow({
    key: unguardedText(key),
    status,
    reason: unguardedText(reason),
    width: numberOf(width, problem),
    height: numberOf(height, problem),
    values: Object.fromEntries(columns.map((name, i) => [name, cellValue(values[i] ?? '', problem)])),
    sha256: {},
  });
}

function cellValue(field: string, problem: (text: string) => Error): StoredValue {
  if (field === 'n/a') return field;
  if (field === 'inf') return Number.POSITIVE_INFINITY;
  if (field === '-inf') return Number.NEGATIVE_INFINITY;
  return numberOf(field, problem);
}

function numberOf(field: string, problem: (text: string) => Error): number | null {
  if (field === '') return null;
  if (!NUMBER.test(field)) throw problem(`expected a number, got '${shown(field)}'`);
  return Number(field);
}
