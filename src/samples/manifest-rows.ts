import {pipeline} from 'node:stream/promises';
import {CsvError, parse} from 'csv-parse';
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

/** Takes the rows of a manifest, one after another. Throws UsageError for one that cannot be. */
type OnRow = (row: ManifestRow) => void;

/**
 * Parses a manifest, piece by piece, and gives its columns.
 * @throws UsageError as `file:line: what` when it is malformed, or when it has no rows
 */
export async function parseManifest(manifest: ManifestText, onRow: OnRow): Promise<readonly string[]> {
  let rows = 0;
  const counting: OnRow = (row) => {
    rows++;
    onRow(row);
  };
  const columns = await (manifest.format === 'csv' ? parseCsv : parseJsonLines)(manifest, counting);
  if (rows === 0) {
    throw new UsageError('CVL-S012', `the manifest ${manifest.name} has no rows`);
  }
  return columns;
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

async function parseCsv({name, pieces}: ManifestText, onRow: OnRow): Promise<readonly string[]> {
  let columns: readonly string[] | null = null;
  await csvRecords(name, pieces, ({line, cells}) => {
    if (columns === null) {
      columns = headerOf(name, line, cells);
      return;
    }
    if (cells.length !== columns.length) {
      throw new UsageError(
        'CVL-S011',
        `${name}:${line}: expected ${counted(columns.length, 'cell')} as in the header, got ${cells.length}`,
      );
    }
    onRow({line, cells: new Map(columns.map((column, index) => [column, cells[index] ?? '']))});
  });
  return columns ?? [];
}

function headerOf(name: string, line: number, cells: readonly string[]): readonly string[] {
  const columns = cells.map((column) => column.trim());
  const twice = repeated(columns);
  if (twice !== undefined) {
    throw new UsageError('CVL-S011', `${name}:${line}: the header has the column "${printable(twice)}" twice`);
  }
  return columns;
}

const CSV_FAULTS: Readonly<{[code: string]: string}> = {
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text after the closing quote of a cell (write a quote inside a cell twice)',
  INVALID_OPENING_QUOTE: 'a quote inside a cell that is not quoted (quote the cell, and write the quote twice)',
};

/** The records of a CSV text with the lines where they begin, blank lines aside. */
async function csvRecords(
  name: string,
  pieces: AsyncIterable<string>,
  onRecord: (record: CsvRecord) => void,
): Promise<void> {
  let line = 1;
  // The parser's own line numbers are off after a CRLF inside a cell, so lines are counted in the raw text.
  const note = (parsed: unknown): null => {
    // With `raw`, the parser gives this pair; its types do not say so.
    const {record, raw} = parsed as {record: string[]; raw: string};
    if (record.length > 1 || record[0] !== '') {
      onRecord({line, cells: record});
    }
    line += raw.match(/\r\n|\n|\r/g)?.length ?? 0;
    return null;
  };
  const parser = parse({
    raw: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    on_record: note,
  });
  try {
    // Records go to `note`; the end is only reached where the parser is read.
    await pipeline(pieces, parser.resume());
  } catch (error) {
    if (error instanceof CsvError) {
      throw new UsageError('CVL-S011', `${name}:${line}: ${CSV_FAULTS[error.code] ?? printable(error.message)}`);
    }
    throw error;
  }
}

async function parseJsonLines({name, pieces}: ManifestText, onRow: OnRow): Promise<readonly string[]> {
  const columns = new Set<string>();
  let line = 0;
  for await (const source of linesOf(pieces)) {
    line++;
    if (source.trim() !== '') {
      const cells = jsonCells(`${name}:${line}`, source);
      for (const column of cells.keys()) {
        columns.add(column);
      }
      onRow({line, cells});
    }
  }
  return [...columns];
}

/** The lines of a text, which end in LF, CRLF or CR. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let line: string[] = [];
  let held = '';
  for await (const piece of pieces) {
    const text = held + piece;
    // A CR at the end of a piece may be the first half of a CRLF.
    held = text.endsWith('\r') ? '\r' : '';
    const [rest = '', ...begun] = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/);
    line.push(rest);
    for (const next of begun) {
      yield line.join('');
      line = [next];
    }
  }
  yield line.join('');
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
