import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../errors.js';
import {parseForeignJson} from '../foreign-json.js';
import {printable} from '../printable.js';
import type {Row} from '../rows/row.js';
import {errorCode} from '../storage/storage-error.js';
import {formats} from './formats.js';
import {readCsvRows} from './read-csv.js';
import {readJsonlRows} from './read-jsonl.js';
import {REPORT_SCHEMA, type Report, reportSchema} from './report.js';
import {shapeProblem} from './shape-problem.js';

/** A report that was written before. */
export interface StoredReport {
  readonly dir: string;
  readonly report: Report;
  /**
   * The rows in key order, from rows.jsonl where there is one, else rows.csv (which has no hashes and no groups).
   * Undefined cells carry the row's reason; in failed rows every cell without a value is null. Throws UsageError
   * when the file is missing or damaged, or holds another number of rows than report.json counts.
   */
  rows(): AsyncGenerator<Row>;
}

/** Loads a report directory. Throws UsageError when it is none, or one of another form. */
export async function readReport(dir: string): Promise<StoredReport> {
  const path = join(dir, formats.json.file);
  const report = parseReport(await readText(path), path);
  return {dir, report, rows: () => readRows(dir, report)};
}

async function* readRows(dir: string, {columns, counts}: Report): AsyncGenerator<Row> {
  const names = columns.map(({name}) => name);
  const jsonl = join(dir, formats.jsonl.file);
  const csv = join(dir, formats.csv.file);
  const [path, rows] = (await exists(jsonl)) ? [jsonl, readJsonlRows(jsonl, names)] : [csv, readCsvRows(csv, names)];
  if (!(await exists(path))) throw new UsageError('CVL-R004', `${dir}: the report has neither rows.csv nor rows.jsonl`);
  let count = 0;
  for await (const row of rows) {
    count++;
    yield row;
  }
  if (count !== counts.samples) {
    throw new UsageError(
      'CVL-R004',
      `${path}: ${count} rows, but report.json counts ${counts.samples}; the report is damaged`,
    );
  }
}

function parseReport(text: string, path: string): Report {
  const value = parseJson(text, path);
  const schema = (value as {readonly schema?: unknown} | null)?.schema;
  if (schema !== REPORT_SCHEMA) {
    throw new UsageError(
      'CVL-R005',
      `${path}: expected a report of the form ${REPORT_SCHEMA}, got ${shownSchema(schema)}`,
    );
  }
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success) {
    throw new UsageError('CVL-R004', `${path}: the report is damaged: ${shapeProblem(parsed.error)}`);
  }
  // The value itself, not zod's copy: a copy loses a group named __proto__.
  return value as Report;
}

function shownSchema(schema: unknown): string {
  if (schema === undefined) return 'none';
  return typeof schema === 'string' ? `"${printable(schema.slice(0, 60))}"` : 'a value that is no text';
}

function parseJson(text: string, path: string): unknown {
  try {
    return parseForeignJson(text);
  } catch (error) {
    throw new UsageError('CVL-R004', `${path}: the report is damaged: ${(error as Error).message}`, {cause: error});
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError('CVL-R003', `${path}: expected a report; ${whyUnread(error)}`, {cause: error});
  }
}

function whyUnread(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOENT') return 'there is none; make one with cv-loss eval --report DIR';
  if (code === 'ENOTDIR') return 'the directory that holds it is to be named, not a file';
  return `it cannot be read (${code ?? String(error)})`;
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
