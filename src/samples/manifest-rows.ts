import {CsvError} from 'csv-parse';
import {parse} from 'csv-parse/sync';
import {UsageError} from '../errors.js';
import {parseForeignJson} from '../foreign-json.js';
import {printable} from '../printable.js';
import type {ManifestText} from './manifest-text.js';
import {counted} from './messages.js';

/** A row of a manifest. */
export interface ManifestRow {
  /** The line where it begins, from 1. */
  readonly line: number;
  /** By column; a cell that is absent reads as empty. */
  readonly cells: ReadonlyMap<string, string>;
}

/** A manifest as a table of text. */
export interface ManifestTable {
  readonly columns: readonly string[];
  readonly rows: readonly ManifestRow[];
}

/**
 * Parses a manifest.
 * @throws UsageError as `file:line: what` when it is malformed, or when it has no rows
 */
export function parseManifest(manifest: ManifestText): ManifestTable {
  const table = manifest.format === 'csv' ? parseCsv(manifest) : parseJsonLines(manifest);
  if (table.rows.length === 0) {
    throw new UsageError('CVL-S012', `the manifest ${manifest.name} has no rows`);
  }
  return table;
}

/** The first text that an earlier one equals. */
function repeated(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return texts.find((text) => seen.size === seen.add(text).size);
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

function parseCsv({name, text}: ManifestText): ManifestTable {
  const [header, ...records] = csvRecords(name, text);
  const columns = header?.cells.map((column) => column.trim()) ?? [];
  const twice = repeated(columns);
  if (header !== undefined && twice !== undefined) {
    throw new UsageError('CVL-S011', `${name}:${header.line}: the header has the column "${printable(twice)}" twice`);
  }
  const rows = records.map(({line, cells}) => {
    if (cells.length !== columns.length) {
      throw new UsageError(
        'CVL-S011',
        `${name}:${line}: expected ${counted(columns.length, 'cell')} as in the header, got ${cells.length}`,
      );
    }
    return {line, cells: new Map(columns.map((column, index) => [column, cells[index] ?? '']))};
  });
  return {columns, rows};
}

const CSV_FAULTS: Readonly<{[code: string]: string}> = {
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text after the closing quote of a cell (write a quote inside a cell twice)',
  INVALID_OPENING_QUOTE: 'a quote inside a cell that is not quoted (quote the cell, and write the quote twice)',
};

/** The records of a CSV text with the lines where they begin, blank lines aside. */
function csvRecords(name: string, text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  // The parser's own line numbers are off after a CRLF inside a cell, so lines are counted in the raw text.
  const note = (parsed: unknown): null => {
    // With `raw`, the parser gives this pair; its types do not say so.
    const {record, raw} = parsed as {record: string[]; raw: string};
    if (record.length > 1 || record[0] !== '') {
      records.push({line, cells: record});
    }
    line += raw.match(/\r\n|\n|\r/g)?.length ?? 0;
    return null;
  };
  try {
    parse(text, {
      raw: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      on_record: note,
    });
  } catch (error) {
    if (error instanceof CsvError) {
      throw new UsageError('CVL-S011', `${name}:${line}: ${CSV_FAULTS[error.code] ?? printable(error.message)}`);
    }
    throw error;
  }
  return records;
}

function parseJsonLines({name, text}: ManifestText): ManifestTable {
  const columns = new Set<string>();
  const rows: ManifestRow[] = [];
  for (const [index, source] of text.split(/\r\n|\n|\r/).entries()) {
    if (source.trim() !== '') {
      const cells = jsonCells(`${name}:${index + 1}`, source);
      for (const column of cells.keys()) {
        columns.add(column);
      }
      rows.push({line: index + 1, cells});
    }
  }
  return {columns: [...columns], rows};
}

function jsonCells(where: string, source: string): Map<string, string> {
  let value: unknown;
  try {
    value = parseForeignJson(source);
  } catch (error) {
    throw new UsageError('CVL-S011', `${where}: not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(
      'CVL-S011',
      `${where}: expected one JSON object a line, such as {"pred": "a.png", "target": "b.png"}`,
    );
  }
  const cells = new Map<string, string>();
  for (const [column, cell] of Object.entries(value)) {
    if (typeof cell === 'object' && cell !== null) {
      throw new UsageError(
        'CVL-S011',
        `${where}: expected text in "${printable(column)}", got ${printable(JSON.stringify(cell).slice(0, 40))}`,
      );
    }
    cells.set(column, cell === null ? '' : String(cell));
  }
  return cells;
}
