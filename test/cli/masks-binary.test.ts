import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {expectClose} from '../losses/close.js';
import type {LossConfig} from '../losses/score.js';
import {cell} from './rows.js';
import {fixture, Workspace} from './workspace.js';

interface Case {
  readonly loss: LossConfig;
  readonly source: string;
  readonly tolerance: number;
  readonly values: Readonly<Record<string, number>>;
}

const {
  hard,
  soft_from_prob: soft,
  empty_hard_masks: empty,
  betti,
} = JSON.parse(readFileSync(fixture('masks.json'), 'utf8')) as {
  readonly hard: readonly Case[];
  readonly soft_from_prob: readonly Case[];
  readonly empty_hard_masks: Readonly<Record<string, Readonly<Record<string, number | 'undefined' | 'infinite'>>>>;
  readonly betti: readonly {
    readonly number: string;
    readonly connectivity: string;
    readonly values: Readonly<Record<string, {readonly pred: number; readonly target: number}>>;
  }[];
};
const work = new Workspace(afterAll);
const SIDES = {hard: 'pred', soft: 'prob'} as const;

function run(report: keyof typeof SIDES, cases: readonly Case[], more: readonly LossConfig[] = []) {
  const inputs = {pred: fixture('masks', SIDES[report]), target: fixture('masks/target')};
  const losses = [...cases.map(({loss}, i) => ({...loss, id: `case-${i}`})), ...more];
  const config = JSON.stringify({task: 'mask', inputs, losses});
  return work.run(['eval', '--config', '-', '--report', report, '--quiet'], {input: config});
}

const bettiId = (connectivity: string) => `betti-${connectivity.replace('/', '-')}`;

/** The losses whose values on empty masks the file has, under their defaults. */
const ON_EMPTY = [...new Set(Object.values(empty).flatMap((losses) => Object.keys(losses)))];

beforeAll(async () => {
  const ended = [
    run('hard', hard, [
      ...ON_EMPTY.map((type) => ({type, id: `empty-${type}`})),
      ...['8/4', '4/8'].map((connectivity) => ({type: 'betti', id: bettiId(connectivity), connectivity})),
    ]),
    run('soft', soft),
  ];
  for (const {code, stdout} of await Promise.all(ended)) expect({code, stdout}).toEqual({code: 0, stdout: ''});
}, 120_000);

describe.each([
  ['hard', hard],
  ['soft', soft],
] as const)('the reference values of %s masks, through the command line', (report, cases) => {
  test.each(cases.map(({loss, source}, i) => [JSON.stringify(loss), source, i] as const))('%s: %s', (_, __, i) => {
    const {values = {}, tolerance = 0} = cases[i] ?? {};
    expect(Object.keys(values).length).toBeGreaterThan(9);
    const rows = work.rows(report);
    for (const [key, value] of Object.entries(values)) {
      expectClose(cell(rows.get(key), `case-${i}`), value, {relative: tolerance, floor: tolerance / 10}, key);
    }
  });
});

describe('empty masks', () => {
  test.each(Object.keys(empty))('%s', (key) => {
    const row = work.rows('hard').get(key);
    for (const [type, value] of Object.entries(empty[key] ?? {})) {
      const text = value === 'undefined' ? '' : value === 'infinite' ? 'inf' : String(value);
      expect(row?.[`empty-${type}`], type).toBe(text);
    }
    if (Object.values(empty[key] ?? {}).includes('undefined')) {
      expect(row).toMatchObject({status: 'undefined', reason: expect.stringMatching(/\w+: \w+/)});
    }
  });

  test('are counted: undefined ones left out, infinite ones counted apart', () => {
    const {counts, summary} = work.json('hard', 'report.json') as {
      counts: Record<string, number>;
      summary: Record<string, {count: number; undefined: number; infinite: number; mean: number}>;
    };
    expect(counts).toMatchObject({samples: 15, failed: 0});
    const states = (type: string, state: string) =>
      Object.values(empty).filter((losses) => losses[type] === state).length;
    for (const type of ON_EMPTY) {
      const {count, undefined: left, infinite, mean} = summary[`empty-${type}`] ?? {};
      const expected = {undefined: states(type, 'undefined'), infinite: states(type, 'infinite')};
      expect({count, undefined: left, infinite}, type).toEqual({count: 15 - expected.undefined, ...expected});
      expect(Number.isFinite(mean)).toBe(true);
    }
  });
});

test.each(betti)('betti counts the structures that gudhi counts: $number, $connectivity', (one) => {
  const {number, connectivity, values} = one;
  const rows = work.rows('hard');
  expect(Object.keys(values)).toHaveLength(15);
  for (const [key, {pred, target}] of Object.entries(values)) {
    expect(cell(rows.get(key), `${bettiId(connectivity)}.${number}`), key).toBe(Math.abs(pred - target));
  }
});

test('configs/masks.yaml', async () => {
  const config = fixture('../configs/masks.yaml');
  const {code} = await work.run(['eval', '--config', config, '--report', 'shipped', '--quiet']);
  expect(code).toBe(0);
  const rows = work.rows('shipped');
  const dice = hard.find(({loss}) => loss.type === 'dice');
  expect(rows.size).toBe(15);
  for (const [key, value] of Object.entries(dice?.values ?? {})) expectClose(cell(rows.get(key), 'dice'), value);
});
