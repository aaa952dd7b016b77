import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {expectClose} from '../losses/close.js';
import {random} from '../losses/random.js';
import type {LossConfig} from '../losses/score.js';
import {cell} from './rows.js';
import {fixture, Workspace} from './workspace.js';

const {cases} = JSON.parse(readFileSync(fixture('photos.json'), 'utf8')) as {
  cases: {loss: LossConfig; source: string; tolerance: number; values: Record<string, number>}[];
};
const keys = Object.keys(cases[0]?.values ?? {});
const work = new Workspace(afterAll);

/** The photos, from a manifest whose lines are in no order. */
function shuffledManifest(): string {
  const next = random(5);
  const lines = keys.map((key) => `${key},${fixture('photos/pred', key)}.png,${fixture('photos/target', key)}.png`);
  const shuffled = lines.map((line) => ({line, place: next()})).sort((a, b) => a.place - b.place);
  return `key,pred,target\n${shuffled.map(({line}) => line).join('\n')}\n`;
}

const runs: Readonly<Record<string, readonly string[]>> = {
  'batch-1': ['--pred', fixture('photos/pred'), '--target', fixture('photos/target'), '--batch-size', '1'],
  'batch-64': ['--pred', fixture('photos/pred'), '--target', fixture('photos/target'), '--batch-size', '64'],
  'batch-7-shuffled': ['--pairs', 'shuffled.csv', '--batch-size', '7'],
};

beforeAll(async () => {
  work.write('config.json', JSON.stringify({losses: cases.map(({loss}, i) => ({id: `case-${i}`, ...loss}))}));
  work.write('shuffled.csv', shuffledManifest());
  const ended = Object.entries(runs).map(([name, args]) =>
    work.run(['eval', '--config', 'config.json', ...args, '--report', name, '--quiet']),
  );
  for (const run of await Promise.all(ended)) expect(run).toEqual({code: 0, stdout: '', stderr: ''});
}, 300_000);

test('there are twelve photos, and every one is a row', () => {
  expect(keys).toHaveLength(12);
  expect([...work.rows('batch-64').keys()]).toEqual([...keys].sort());
});

describe('the reference values, through the command line', () => {
  test.each(cases.map(({loss, source}, i) => [JSON.stringify(loss), source, i] as const))('%s: %s', (_, __, i) => {
    const {values = {}, tolerance = 0} = cases[i] ?? {};
    const rows = work.rows('batch-64');
    for (const [key, value] of Object.entries(values)) {
      expectClose(cell(rows.get(key), `case-${i}`), value, {relative: tolerance, floor: 0}, key);
    }
  });
});

describe('the same bytes, whatever the batches and the order', () => {
  test.each(['batch-1', 'batch-7-shuffled'])('rows.csv, %s', (name) => {
    expect(work.read(name, 'rows.csv')).toBe(work.read('batch-64', 'rows.csv'));
  });

  test('report.json, batch-1', () => {
    expect(work.read('batch-1', 'report.json')).toBe(work.read('batch-64', 'report.json'));
  });

  test('report.json of the manifest differs in where the inputs are named, and in nothing else', () => {
    const core = (name: string) => {
      const {config, inputs, ...rest} = work.json(name, 'report.json') as {
        config: {losses: unknown};
        inputs: {count: number; hash: string};
      };
      return {...rest, losses: config.losses, count: inputs.count, hash: inputs.hash};
    };
    expect(core('batch-7-shuffled')).toEqual(core('batch-64'));
  });
});
