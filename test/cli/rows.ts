import {parse} from 'csv-parse/sync';

/** A line of rows.csv by column, as text. */
export type CsvRow = Readonly<Record<string, string>>;

/** The lines of a rows.csv, by key. */
export function parseRows(csv: string): Map<string, CsvRow> {
  const rows = parse(csv, {columns: true}) as CsvRow[];
  return new Map(rows.map((row) => [row.key ?? '', row]));
}

/** A cell's number. Throws when it holds none. */
export function cell(row: CsvRow | undefined, column: string): number {
  const text = row?.[column];
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  if (text === undefined || !/^-?\d/.test(text)) throw new Error(`${row?.key}.${column} is ${JSON.stringify(text)}`);
  return Number(text);
}
