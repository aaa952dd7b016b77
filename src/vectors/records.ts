import {CsvError} from 'csv-parse';
import {parse} from 'csv-parse/sync';

/** A record's cells, and the line where it begins, from 1. */
export type OnRecord = (cells: readonly string[], line: number) => void;

/** What makes a text no CSV, at a line. */
export class CsvMistake extends Error {
  constructor(
    readonly line: number,
    text: string,
  ) {
    super(text);
  }
}

/** No record is longer, in characters. */
const LONGEST = 64 * 2 ** 20;

/**
 * CSV text (RFC 4180), chunk by chunk, to records; blank lines are passed over. Lines without a quote are split at their
 * commas, which is four times as quick as a full parser; a record with quotes, which may span lines, goes to csv-parse.
 * Throws CsvMistake.
 */
export class Records {
  private rest = '';
  private line = 0;
  /** A record whose quotes are still open, and where it began. */
  private open: string | null = null;
  private begun = 0;

  constructor(private readonly onRecord: OnRecord) {}

  add(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.addLine(line);
    if (this.rest.length > LONGEST) throw new CsvMistake(this.line + 1, 'a line of more than 64 MiB');
  }

  end(): void {
    if (this.rest !== '') this.addLine(this.rest);
    this.rest = '';
    if (this.open !== null) throw new CsvMistake(this.begun, 'a quoted cell is never closed');
  }

  private addLine(raw: string): void {
    this.line++;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (this.open === null && !line.includes('"')) {
      if (line !== '') this.onRecord(line.split(','), this.line);
      return;
    }
    if (this.open === null) this.begun = this.line;
    const text = this.open === null ? line : `${this.open}\n${line}`;
    if (text.length > LONGEST) throw new CsvMistake(this.begun, 'a quoted cell is never closed');
    this.open = isOpen(text) ? text : null;
    if (this.open === null) this.onRecord(parseQuoted(text, this.begun), this.begun);
  }
}

/** Whether a quote is open at the end: quotes inside a cell are written twice, so the number of all is odd. */
function isOpen(text: string): boolean {
  let open = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
  return open;
}

const FAULTS: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'text after the closing quote of a cell (write a quote inside a cell twice)',
  INVALID_OPENING_QUOTE: 'a quote inside a cell that is not quoted (quote the cell, and write the quote twice)',
};

function parseQuoted(text: string, line: number): string[] {
  try {
    const records: string[][] = parse(text, {relax_column_count: true, record_delimiter: ['\r\n', '\n']});
    return records[0] ?? [];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CsvMistake(line, FAULTS[error.code] ?? error.message);
  }
}
