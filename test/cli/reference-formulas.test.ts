import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {expectClose} from '../losses/close.js';
import type {LossConfig} from '../losses/score.js';
import {cell} from './rows.js';
import {fixture, Workspace} from './workspace.js';

const ROLES = ['pred', 'target', 'weight', 'instances'];

type Case = {
  readonly loss: LossConfig;
  readonly value: number;
  readonly per_class?: readonly number[];
} & Readonly<Record<string, unknown>>;

const {cases, tolerance} = JSON.parse(readFileSync(fixture('formulas/expected.json'), 'utf8')) as {
  cases: Case[];
  tolerance: number;
};
const work = new Workspace(afterAll);

/** `--input role=file` for every file of a case. */
function inputs(files: Case): string[] {
  const given = ROLES.filter((role) => role in files);
  return given.flatMap((role) => ['--input', `${role}=${fixture('formulas', String(files[role]))}`]);
}

/** Cases over the same files are losses of one run. */
const runs = [...new Set(cases.map((files) => inputs(files).join(' ')))].map((files) =>
  cases.filter((other) => inputs(other).join(' ') === files),
);

beforeAll(async () => {
  const ended = runs.map((run, i) => {
    const losses = run.map(({loss}) => ({id: `case-${cases.findIndex((other) => other.loss === loss)}`, ...loss}));
    const args = ['eval', '--config', '-', ...inputs(run[0] as Case), '--report', `run-${i}`, '--quiet'];
    return work.run(args, {input: JSON.stringify({losses})});
  });
  for (const run of await Promise.all(ended)) expect(run).toEqual({code: 0, stdout: '', stderr: ''});
}, 120_000);

test('every loss of the file is here', () => {
  expect(cases).toHaveLength(25);
  expect(runs).toHaveLength(8);
});

describe('the reference values, through the command line', () => {
  test.each(cases.map((_, i) => [`${JSON.stringify(cases[i]?.loss)} ${i}`, i] as const))('%s', (_, i) => {
    const run = runs.findIndex((members) => members.includes(cases[i] as Case));
    const rows = [...work.rows(`run-${run}`).values()];
    expect(rows).toHaveLength(1);
    expect(rows[0]?.key).toBe(String(cases[i]?.pred).replace('.npy', ''));
    expectClose(cell(rows[0], `case-${i}`), cases[i]?.value ?? 0, {relative: tolerance, floor: 0});
    (cases[i]?.per_class ?? []).forEach((value, id) => {
      expectClose(cell(rows[0], `case-${i}.${id}`), value, {relative: tolerance, floor: 0}, String(id));
    });
  });
});
