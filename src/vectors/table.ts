import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {UsageError} from '../errors.js';
import {unguarded} from './guarded-cell.js';
import {CsvMistake, type OnRecord, Records} from './records.js';
import {reading, type SourceFile, shown} from './source-file.js';

/** The columns of a table by name, each with its place in a record. */
export type TableColumns = ReadonlyMap<string, number>;

/** Takes the header, and gives what takes the rows. */
export type TableReader = (columns: TableColumns) => OnRecord;

/**
 * Reads a CSV file with a header, a chunk at a time, and gives the SHA-256 of its bytes. Column names are trimmed.
 * Throws UsageError, as `file:line: what`, for what is no UTF-8 text or no CSV, for columns of one name and for rows that
 * have more or fewer cells than the header; and for a file without a row.
 */
export function readTable(file: SourceFile, signal: AbortSignal, reader: TableReader): Promise<string> {
  return reading(file, async () => {
    const hash = createHash('sha256');
    const decoder = new TextDecoder('utf-8', {fatal: true});
    const table = new Table(file, reader);
    const records = new Records((cells, line) => table.add(cells, line));
    try {
      for await (const chunk of createReadStream(file.path, {highWaterMark: 2 ** 20, signal})) {
        hash.update(chunk as Buffer);
        records.add(decoder.decode(chunk as Buffer, {stream: true}));
      }
      records.add(decoder.decode());
      records.end();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CsvMistake) throw lineMistake(file, error.line, error.message);
      if (error instanceof TypeError && error.message.includes('encoded data')) throw notText(file);
      throw error;
    }
    table.end();
    return hash.digest('hex');
  });
}

/** A mistake in a line of a file. */
export function lineMistake({name}: SourceFile, line: number, text: string): UsageError {
  return new UsageError('CVL-V002', `${shown(name)}:${line}: ${text}`);
}

function notText({name}: SourceFile): UsageError {
  return new UsageError('CVL-V002', `${shown(name)}: not UTF-8 text, expected CSV`);
}

class Table {
  private width = 0;
  private rows = 0;
  private onRow: OnRecord | null = null;

  constructor(
    private readonly file: SourceFile,
    private readonly reader: TableReader,
  ) {}

  add(cells: readonly string[], line: number): void {
    if (this.onRow === null) {
      this.width = cells.length;
      this.onRow = this.reader(this.columnsOf(cells, line));
      return;
    }
    if (cells.length !== this.width) {
      const text = `expected ${counted(this.width, 'cell')} as in the header, got ${cells.length}`;
      throw lineMistake(this.file, line, text);
    }
    this.rows++;
    this.onRow(cells, line);
  }

  end(): void {
    if (this.onRow === null)
      throw new UsageError('CVL-V002', `${shown(this.file.name)}: empty, expected a header and rows`);
    if (this.rows === 0) throw new UsageError('CVL-V002', `${shown(this.file.name)}: no rows below the header`);
  }

  private columnsOf(cells: readonly string[], line: number): TableColumns {
    const columns = new Map<string, number>();
    for (const [place, cell] of cells.entries()) {
      const column = cell.trim();
      if (columns.has(column)) throw lineMistake(this.file, line, `the header has the column '${shown(column)}' twice`);
      columns.set(column, place);
    }
    return columns;
  }
}

/** A cell's text in Unicode's composed form (NFC), without the guard against spreadsheets. */
export function cellText(cells: readonly string[], place: number): string {
  return unguarded(cells[place] ?? '').normalize('NFC');
}

/** `1 cell`, `2 cells`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

/** The places of columns that must be there. Throws UsageError at line 1 that names those that are missing. */
export function placesOf(file: SourceFile, columns: TableColumns, names: readonly string[]): number[] {
  return names.map((name) => {
    const place = columns.get(name);
    if (place !== undefined) return place;
    const got = listedColumns(columns);
    throw lineMistake(file, 1, `no column '${name}', expected ${names.join(',')} in the header, got ${got}`);
  });
}

const SHOWN = 6;

/** The header as messages show it. */
export function listedColumns(columns: TableColumns): string {
  const names = [...columns.keys()];
  return `${names.slice(0, SHOWN).map(shown).join(',')}${names.length > SHOWN ? ',…' : ''}`;
}
