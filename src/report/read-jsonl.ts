import {createReadStream} from 'node:fs';
import * as z from 'zod';
import {parseForeignJson} from '../foreign-json.js';
import type {Row} from '../rows/row.js';
import {fromJsonNumber} from './json-value.js';
import {shapeProblem} from './shape-problem.js';
import {damaged, restoreRow, type StoredValue} from './stored-row.js';

const pixels = z.int().min(0).nullable();

const storedLine = z.strictObject({
  key: z.string(),
  status: z.enum(['ok', 'undefined', 'failed']),
  reason: z.string(),
  width: pixels,
  height: pixels,
  values: z.record(z.string(), z.union([z.number(), z.enum(['inf', '-inf', 'n/a'])]).nullable()),
  sha256: z.record(z.string(), z.string()),
  group: z.string().optional(),
});

/** The rows of a rows.jsonl with the given columns. Throws UsageError with file and line. */
export async function* readJsonlRows(path: string, columns: readonly string[]): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of lines(path)) {
    line++;
    const {group, values, ...row} = parseLine(text, path, line);
    if (Object.keys(values).length !== columns.length || !columns.every((name) => Object.hasOwn(values, name))) {
      throw damaged(path, line, `expected the columns of report.json (${columns.join(', ')})`);
    }
    const stored = Object.fromEntries(columns.map((name) => [name, cellValue(values[name] ?? null)]));
    yield restoreRow({...row, values: stored, ...(group === undefined ? {} : {group})});
  }
}

function parseLine(text: string, path: string, line: number): z.output<typeof storedLine> {
  try {
    return storedLine.parse(parseForeignJson(text));
  } catch (error) {
    const problem = error instanceof z.ZodError ? shapeProblem(error) : `not JSON: ${(error as Error).message}`;
    throw damaged(path, line, problem, error);
  }
}

function cellValue(value: number | 'inf' | '-inf' | 'n/a' | null): StoredValue {
  return value === null || value === 'n/a' ? value : fromJsonNumber(value);
}

/** Far longer than any line that is written. */
const LONGEST_LINE = 1 << 24;

/** The lines of a file, ended by LF alone. Throws UsageError at one of over 16 Mi characters. */
async function* lines(path: string): AsyncGenerator<string> {
  let rest = '';
  let line = 1;
  for await (const chunk of createReadStream(path, {encoding: 'utf8', highWaterMark: 1 << 20})) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    line += parts.length;
    yield* parts;
    if (rest.length > LONGEST_LINE) throw damaged(path, line, 'a line of more than 16 MiB');
  }
  if (rest !== '') yield rest;
}
