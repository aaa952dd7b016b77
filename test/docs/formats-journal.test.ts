import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {interrupted} from '../cli/interrupting.js';
import {fixture, Workspace} from '../cli/workspace.js';

const page = readFileSync('docs/formats.md', 'utf8');
const work = new Workspace(afterAll);
const PAIR = [
  '--pred',
  fixture('photos/pred'),
  '--target',
  fixture('photos/target'),
  '--losses',
  'mse,psnr',
  '--quiet',
];

/** A section of the page. */
function section(title: string): string {
  const [, text = ''] = page.split(`\n## ${title}\n`);
  return text.split('\n## ')[0] ?? '';
}

/** The words in backticks that a text has. */
const named = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

/** The JSON of a line. */
const json = (line: string) => JSON.parse(line.slice(9)) as Record<string, unknown>;

/** What the page's table of lines names, by kind of line. */
function lineKeys(kind: string): string[] {
  const line = section('shard.jsonl')
    .split('\n')
    .find((text) => text.startsWith(`| ${kind}`));
  return named(line?.split('|')[2] ?? '');
}

let lines: string[];

beforeAll(async () => {
  expect(await work.run(['eval', ...PAIR, '--shard', '1/1', '--report', 'shard'])).toMatchObject({code: 0});
  lines = work.read('shard', 'shard.jsonl').trimEnd().split('\n');
});

test('the page shows a row of a shard as it is written', () => {
  const [, shown = ''] = /```text\n(.*)\n```/.exec(section('shard.jsonl')) ?? [];
  expect(lines[1]).toBe(shown);
});

test('the page names every key of every line, and the form of a shard', () => {
  const [head = '', row = ''] = lines;
  const last = lines.at(-1) ?? '';
  expect(lineKeys('first')).toEqual(expect.arrayContaining([...Object.keys(json(head)), json(head).shard]));
  expect(lineKeys('each row')).toEqual(expect.arrayContaining(Object.keys(json(row))));
  expect(lineKeys('last')).toEqual(Object.keys(json(last)));
  expect(json(last)).toEqual({rows: lines.length - 2});
});

test('the page names the form of a journal, and what of a config decides no row', async () => {
  const args = ['eval', ...PAIR, '--batch-size', '1', '--report', 'cut'];
  await interrupted(work, {args, report: 'cut', rows: 1}, 'SIGINT');
  const [head = '', row = ''] = work.read('cut', 'rows.journal').split('\n');
  const {journal, identity, columns, ...more} = json(head);
  expect(more).toEqual({});
  expect(columns).toEqual((json(lines[0] ?? '').columns as {name: string}[]).map(({name}) => name));
  expect(section('rows.journal')).toContain(`{"journal": "${journal}", "identity": {…}, "columns": [names]}`);
  const config = Object.keys(json(lines[0] ?? '').config as object).filter(
    (key) => !(`config.${key}` in (identity as object)),
  );
  for (const key of config) expect(named(section('rows.journal'))).toContain(key);
  const {pred, target} = json(row).files as Record<string, number[][]>;
  for (const states of [pred, target])
    expect(states).toEqual([[expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)]]);
});
