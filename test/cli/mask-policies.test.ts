import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {losses as registry} from '../../src/losses/registry.js';
import {cell} from './rows.js';
import {type Pixels, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const SIDE = 12;
const PIXELS = SIDE * SIDE;
/** A square of 3 × 3 pixels away from the border. */
const square = (value: number, top = 4) =>
  Array.from({length: PIXELS}, (_, i) => {
    const [y, x] = [Math.floor(i / SIDE), i % SIDE];
    return y >= top && y < top + 3 && x >= 4 && x < 7 ? value : 0;
  });
const NOTHING = Array<number>(PIXELS).fill(0);
const ALL = Array<number>(PIXELS).fill(255);
const share = 9 / PIXELS;

/** Pairs by key, in two folders. */
const PAIRS: Readonly<Record<string, readonly [pred: readonly number[], target: readonly number[]]>> = {
  'a/both-empty': [NOTHING, NOTHING],
  'a/pred-empty': [NOTHING, square(255)],
  'b/target-empty': [square(255), NOTHING],
  'b/both-full': [ALL, ALL],
  'b/shifted': [square(255), square(255, 5)],
};

/** What each loss gives where both masks are empty, the prediction, or the target; and where both are full. */
const POLICIES: Readonly<Record<string, readonly (number | 'undefined' | 'inf')[]>> = {
  dice: ['undefined', 0, 0, 1],
  iou: ['undefined', 0, 0, 1],
  tversky: ['undefined', 0, 0, 1],
  'focal-tversky': ['undefined', 1, 1, 0],
  // The background is a class of it: 1 / n² weighs 9 pixels 225 times as much as 135.
  'generalised-dice': [1, (2 * 135) / (225 * 9 + 2 * 135 + 9), (2 * 135) / (2 * 135 + 9 + 9), 1],
  precision: ['undefined', 'undefined', 0, 1],
  recall: ['undefined', 0, 'undefined', 1],
  specificity: [1, 1, 1 - share, 'undefined'],
  accuracy: [1, 1 - share, 1 - share, 1],
  'f-beta': ['undefined', 0, 0, 1],
  mcc: ['undefined', 'undefined', 'undefined', 'undefined'],
  kappa: ['undefined', 0, 0, 'undefined'],
  lovasz: ['undefined', 1, 'undefined', 0],
  boundary: ['undefined', 0, 'undefined', 'undefined'],
  hausdorff: ['undefined', 'inf', 'inf', 0],
  assd: ['undefined', 'inf', 'inf', 0],
  'surface-dice': ['undefined', 0, 0, 1],
  'boundary-iou': ['undefined', 0, 0, 1],
  'boundary-f': ['undefined', 0, 0, 'undefined'],
  'cl-dice': ['undefined', 0, 0, 1],
  betti: [0, 1, 1, 0],
  auroc: ['undefined', 0.5, 'undefined', 'undefined'],
  'average-precision': ['undefined', share, 'undefined', 1],
  ece: [0, share, share, 0],
  brier: [0, share, share, 0],
  'best-threshold': ['undefined', 0, 'undefined', 1],
};
const KEYS = ['a/both-empty', 'a/pred-empty', 'b/target-empty', 'b/both-full'];

const grey = (data: readonly number[]): Pixels => ({
  height: SIDE,
  width: SIDE,
  channels: 1,
  data: Uint8Array.from(data),
});

function run(report: string, config: object, inputs: object = {pred: 'pred', target: 'target'}) {
  const input = JSON.stringify({task: 'mask', inputs, ...config});
  return work.run(['eval', '--config', '-', '--report', report, '--quiet'], {input});
}

interface Report {
  readonly counts: object;
  readonly summary: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly groups: Readonly<Record<string, Report['summary']>>;
}

const reportOf = (name: string) => work.json(name, 'report.json') as Report;

beforeAll(async () => {
  for (const [key, [pred, target]] of Object.entries(PAIRS)) {
    await work.image(`pred/${key}.png`, grey(pred));
    await work.image(`target/${key}.png`, grey(target));
  }
  await work.image('all.png', grey(ALL));
  const ended = await run('all', {losses: [...Object.keys(POLICIES), 'confusion'], group_by: '{dir}'});
  expect(ended).toMatchObject({code: 0, stdout: ''});
  expect(ended.stderr.split('\n')).toHaveLength(5);
}, 60_000);

test('every mask loss is here', () => {
  const ids = registry.filter(({family}) => family === 'mask').map(({id}) => id);
  expect(Object.keys(POLICIES).sort()).toEqual(ids.filter((id) => id !== 'confusion').sort());
});

describe('empty and full masks', () => {
  test.each(KEYS.map((key, i) => [key, i] as const))('%s: each loss’s policy', (key, i) => {
    const row = work.rows('all').get(key);
    for (const [id, policies] of Object.entries(POLICIES)) {
      const expected = policies[i];
      if (typeof expected === 'number') expect(cell(row, id), id).toBeCloseTo(expected, 12);
      else expect(row?.[id], id).toBe(expected === 'inf' ? 'inf' : '');
    }
    expect(row?.status).toBe('undefined');
  });

  test('the row says why, once for losses that say the same', () => {
    const rows = work.rows('all');
    expect(rows.get('a/both-empty')?.reason).toMatch(/(^|; )dice, iou, .*cl-dice: both masks are empty(;|$)/);
    expect(rows.get('a/pred-empty')?.reason).toBe(
      'precision: no pixel is predicted; mcc: prediction or target has only one class',
    );
    expect(rows.get('b/shifted')).toMatchObject({status: 'ok', reason: ''});
  });

  test('the aggregate counts them, and leaves them out of the mean', () => {
    const {counts, summary} = reportOf('all');
    expect(counts).toEqual({samples: 5, ok: 1, undefined: 4, failed: 0});
    const shifted = work.rows('all').get('b/shifted');
    for (const [id, policies] of Object.entries(POLICIES)) {
      const values = [...policies.filter((value) => typeof value === 'number'), cell(shifted, id)];
      const of = summary[id];
      expect(of, id).toMatchObject({
        undefined: policies.filter((value) => value === 'undefined').length,
        infinite: policies.filter((value) => value === 'inf').length,
      });
      expect(of?.mean, id).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 12);
    }
  });
});

test('each group has its own aggregates, from its own counts', () => {
  const {groups} = reportOf('all');
  expect(Object.keys(groups)).toEqual(['a', 'b']);
  expect(groups.a).toMatchObject({
    iou: {value: 0, dataset: 0, count: 1, undefined: 1},
    confusion: {
      counts: [
        [2 * PIXELS - 9, 0],
        [9, 0],
      ],
    },
  });
  // 9 predicted in vain; all; 6 of 9 met.
  expect(groups.b?.iou?.dataset).toBeCloseTo((PIXELS + 6) / (9 + PIXELS + 12), 12);
  expect(groups.b).toMatchObject({iou: {count: 3}, confusion: {counts: [[2 * PIXELS - 21, 12], expect.anything()]}});
});

describe.concurrent('undefined', () => {
  const policy = (undefined_: unknown) => ({losses: ['dice', 'iou'].map((type) => ({type, undefined: undefined_}))});

  test.each([0, 1])('%d takes the place of the value', async (value) => {
    const inputs = {pred: 'pred/a/*.png', target: 'target/a/*.png'};
    expect(await run(`as-${value}`, policy(value), inputs)).toEqual({code: 0, stdout: '', stderr: ''});
    expect(work.rows(`as-${value}`).get('both-empty')).toMatchObject({status: 'ok', reason: '', dice: String(value)});
    expect(reportOf(`as-${value}`).summary.dice).toMatchObject({
      count: 2,
      undefined: 0,
      mean: value / 2,
    });
  });

  test('skip, the default, leaves it empty', async () => {
    const said = 'cv-loss: a/both-empty: undefined: dice, iou: both masks are empty\n';
    expect(await run('as-skip', policy('skip'))).toEqual({code: 0, stdout: '', stderr: said});
    expect(work.rows('as-skip').get('a/both-empty')).toMatchObject({status: 'undefined', dice: '', iou: ''});
  });

  test('fail makes the row failed, exit code 3', async () => {
    const said = 'cv-loss: a/both-empty: undefined-value: dice, iou: both masks are empty\n';
    expect(await run('as-fail', policy('fail'))).toEqual({code: 3, stdout: '', stderr: said});
    expect(work.rows('as-fail').get('a/both-empty')).toMatchObject({status: 'failed', dice: ''});
    expect(reportOf('as-fail').counts).toEqual({samples: 5, ok: 4, undefined: 0, failed: 1});
  });
});

describe.concurrent('all ignored', () => {
  const ids = Object.keys(POLICIES);
  const said = (losses: readonly string[]) => `cv-loss: shifted: undefined: ${losses.join(', ')}: no valid pixel\n`;
  const pair = {pred: 'pred/b/shifted.png', target: 'target/b/shifted.png'};

  test('by the role ignore: no loss has a value', async () => {
    const ended = await run('ignored', {losses: ids}, {...pair, ignore: 'all.png'});
    expect(ended).toEqual({code: 0, stdout: '', stderr: said(ids)});
    const row = work.rows('ignored').get('shifted');
    for (const id of ids) expect(row?.[id], id).toBe('');
  });

  test('by ignore_index, in a run of several classes', async () => {
    const several = ids.filter((id) => id !== 'best-threshold');
    await work.image('ids.png', grey(square(1)));
    const config = {classes: 2, losses: several};
    const ended = await run('void', config, {pred: 'ids.png', target: 'all.png'});
    expect(ended).toEqual({code: 0, stdout: '', stderr: said(several).replace('shifted', 'ids')});
    expect(reportOf('void').summary.iou).toMatchObject({
      value: null,
      undefined: 1,
      dataset: null,
      per_class: {0: null, 1: null},
      frequency_weighted: null,
    });
  });
});

test.concurrent('an absent class does not apply to the row, nor count in any mean', async () => {
  await work.image('classes-pred.png', grey(square(1)));
  await work.image('classes-target.png', grey(square(1, 5)));
  const inputs = {pred: 'classes-pred.png', target: 'classes-target.png'};
  const several = ['iou', 'dice', 'recall', 'hausdorff', 'cl-dice', 'boundary-iou'];
  const config = {classes: {0: 'ground', 1: 'tree', 7: 'never'}, losses: [...several, 'confusion']};
  expect(await run('absent', config, inputs)).toEqual({code: 0, stdout: '', stderr: ''});
  const row = work.rows('absent').get('classes-pred');
  for (const id of several) {
    expect(row?.[`${id}.never`], id).toBe('n/a');
    expect(cell(row, id), id).toBeCloseTo((cell(row, `${id}.ground`) + cell(row, `${id}.tree`)) / 2, 12);
  }
  const [ground, tree] = [(PIXELS - 12) / (PIXELS - 6), 6 / 12];
  const {iou, confusion} = reportOf('absent').summary;
  expect(iou).toMatchObject({dataset: (ground + tree) / 2, per_class: {ground, tree, never: null}});
  expect(iou?.frequency_weighted).toBeCloseTo(((PIXELS - 9) * ground + 9 * tree) / PIXELS, 12);
  expect(confusion).toMatchObject({normalised: [expect.anything(), [3 / 9, 6 / 9, 0], [null, null, null]]});
  expect(work.read('absent', 'confusion.csv')).toContain('confusion,normalised,never,,,\n');
});
