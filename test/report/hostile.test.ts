import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {compareReports} from '../../src/compare.js';
import {UsageError} from '../../src/errors.js';

const WHOLE = 'fixtures/fuzz/report';
const DEEP = `${'['.repeat(1e5)}${']'.repeat(1e5)}`;

let root = '';
let dir = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cv-loss-hostile-'));
});
beforeEach(() => {
  dir = mkdtempSync(join(root, 'report-'));
  for (const name of ['report.json', 'rows.csv']) cpSync(join(WHOLE, name), join(dir, name));
});
afterAll(() => rmSync(root, {recursive: true}));

/** Changes a file of the report, and gives the line that comparing it ends in. */
async function refusal(name: string, change: (text: string) => string): Promise<string> {
  writeFileSync(join(dir, name), change(readFileSync(join(WHOLE, name), 'utf8')));
  const error = await compareReports(WHOLE, dir).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  const {message} = error as UsageError;
  expect(message).not.toMatch(/\p{Cc}/u);
  expect(message.length).toBeLessThan(500 + dir.length);
  return message.replace(`${dir}/`, '');
}

test('report.json that nests 100,000 deep, in its config or where its form is told', async () => {
  const line = 'report.json: the report is damaged: nested too deeply, expected at most 200 levels';
  expect(await refusal('report.json', (text) => text.replace('"task":', `"deep": ${DEEP}, "task":`))).toBe(line);
  expect(await refusal('report.json', () => `{"schema": ${DEEP}}`)).toBe(line);
});

test('report.json of another form, or none', async () => {
  const other = (schema: unknown) => () => JSON.stringify({schema});
  const expected = 'report.json: expected a report of the form cv-loss-report/1, got';
  expect(await refusal('report.json', other(`x\u001b[31m${'y'.repeat(1000)}`))).toMatch(
    /, got "x\\u\{1b\}\[31my{1,60}"$/,
  );
  expect(await refusal('report.json', other(['cv-loss-report/1']))).toBe(`${expected} a value that is no text`);
  expect(await refusal('report.json', () => 'null')).toBe(`${expected} none`);
});

test('what the engine quotes of a file that is no JSON', async () => {
  expect(await refusal('report.json', (text) => text.replace('"task":', '"task":\u001b[2J\u009b31m'))).toMatch(
    /^report\.json: the report is damaged: Unexpected token '\\u\{1b\}'/,
  );
});

test('a thousand problems are one, and their number', async () => {
  const change = (text: string) => {
    const report = JSON.parse(text);
    const failures = Array.from({length: 1000}, () => ({key: 1, code: 2, message: 3}));
    return JSON.stringify({...report, failures});
  };
  expect(await refusal('report.json', change)).toMatch(/^report\.json: the report is damaged: .*, and 2997 more$/);
});

test('rows.csv with control characters, a quote that stays open, a cell without end', async () => {
  const first = (text: string) => (rows: string) => rows.replace(/0\.00305[^,]*/, text);
  expect(await refusal('rows.csv', first('0.1\u001b]0;title\u0007'))).toBe(
    "rows.csv:2: expected a number, got '0.1\\u{1b}]0;title\\u{7}'; the report is damaged, run cv-loss eval again",
  );
  expect(await refusal('rows.csv', first(`${'9'.repeat(100_000)}x`))).toMatch(
    /^rows\.csv:2: expected a number, got '9{120}…'/,
  );
  expect(await refusal('rows.csv', (rows) => rows.replace('key', `"${'k'.repeat(17_000_000)}`))).toMatch(
    /^rows\.csv:1: /,
  );
});

test('rows.jsonl that nests, quotes control characters, or has a line without end', async () => {
  cpSync(join(WHOLE, 'rows.jsonl'), join(dir, 'rows.jsonl'));
  expect(await refusal('rows.jsonl', () => `{"key": ${DEEP}}\n`)).toMatch(
    /^rows\.jsonl:1: not JSON: nested too deeply/,
  );
  expect(await refusal('rows.jsonl', () => '\u001b[31m\n')).toMatch(
    /^rows\.jsonl:1: not JSON: Unexpected token '\\u\{1b\}'/,
  );
  expect(await refusal('rows.jsonl', () => ' '.repeat(18_000_000))).toMatch(
    /^rows\.jsonl:1: a line of more than 16 MiB/,
  );
});
