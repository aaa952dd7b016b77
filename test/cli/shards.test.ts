import {readFileSync} from 'node:fs';
import {type Evaluation, evaluate, mergeShards} from 'cv-loss';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {contentsOf, interrupted} from './interrupting.js';
import {maskDataset, photoDataset, runArgs, type SplitDataset} from './split-datasets.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const sets: Record<string, SplitDataset> = {};
const set = (name: string) => sets[name] as SplitDataset;

beforeAll(async () => {
  sets.photos = await photoDataset(work, 130);
  sets.masks = await maskDataset(work, 60);
  for (const name of ['photos', 'masks']) {
    const {code} = await work.run(runArgs(set(name), `whole-${name}`));
    expect(code).toBe(set(name).code);
  }
});

type Formats = 'csv' | 'json' | 'jsonl';

/** Scores a shard from a program, which is the same as `eval --shard` and needs no process; gives its directory. */
async function shard(name: string, index: number, count: number, config: object = {}): Promise<string> {
  const dir = `shards/${name}-${index}-of-${count}`;
  const written = work.json(set(name).config) as object;
  await evaluate({...written, ...config, report: {dir}}, {cwd: work.path(), shard: {index, count}, keepRows: false});
  return dir;
}

async function shards(name: string, count: number, config?: object): Promise<string[]> {
  const dirs: string[] = [];
  for (let index = 1; index <= count; index++) dirs.push(await shard(name, index, count, config));
  return dirs;
}

function merge(dirs: readonly string[], dir = 'merged', formats?: readonly Formats[]): Promise<Evaluation> {
  return mergeShards(dirs, {report: {dir, ...(formats && {formats})}, cwd: work.path()});
}

describe('merged shards are, byte for byte, the report of the run over the whole dataset', () => {
  test.each([
    ['photos', 1],
    ['photos', 2],
    ['photos', 3],
    ['photos', 7],
    ['photos', 60],
    ['masks', 1],
    ['masks', 2],
    ['masks', 7],
  ])('%s in %i shards', {timeout: 120_000}, async (name, count) => {
    const dirs = await shards(name, count);
    // Whatever order they are given in.
    await merge([...dirs.slice(1), ...dirs.slice(0, 1)], `merged-${name}-${count}`);
    expect(contentsOf(work, `merged-${name}-${count}`)).toEqual(contentsOf(work, `whole-${name}`));
  });

  test('the whole run has groups, pooled aggregates, matrices, undefined, infinite and failed rows to get wrong', () => {
    const photos = work.json('whole-photos', 'report.json') as Evaluation['report'];
    expect(photos.counts.failed).toBeGreaterThan(5);
    expect(photos.counts.undefined).toBeGreaterThan(5);
    expect(photos.summary.psnr).toMatchObject({infinite: expect.any(Number), dataset: expect.any(Number)});
    expect(photos.summary.psnr?.infinite).toBeGreaterThan(5);
    expect(Object.keys(photos.groups)).toHaveLength(3);
    expect(photos.gates).toHaveLength(1);
    const masks = work.json('whole-masks', 'report.json') as Evaluation['report'];
    expect(Object.keys(masks.summary)).toEqual(expect.arrayContaining(['iou.road', 'iou.sky', 'iou.sign']));
    expect(masks.losses['weighted-cross-entropy']).toMatchObject({prepared: expect.anything()});
    expect(Object.keys(contentsOf(work, 'whole-masks'))).toContain('confusion.csv');
  });

  test('from the command line, with a shard that was killed and gone on with', async () => {
    const dirs = [1, 2, 3].map((index) => `cli-${index}`);
    const args = (index: number) => runArgs(set('photos'), `cli-${index}`, '--shard', `${index}/3`);
    await interrupted(work, {args: args(2), report: 'cli-2', rows: 16}, 'SIGKILL');
    for (const index of [1, 2, 3]) {
      const {code, stdout, stderr} = await work.run(args(index));
      expect({code, stdout}).toEqual({code: 3, stdout: ''});
      expect(stderr.includes('going on with an interrupted run')).toBe(index === 2);
    }
    const {code, stdout} = await work.run(['merge', ...dirs, '--report', 'cli', '--worst', '0']);
    expect(code).toBe(3);
    expect(stdout).toContain('130 samples: ');
    expect(stdout).toMatch(/report in cli\n$/);
    expect(contentsOf(work, 'cli')).toEqual(contentsOf(work, 'whole-photos'));
  });

  test('in other formats than those of the config, and with every row for a program', async () => {
    const formats: Formats[] = ['csv', 'json', 'jsonl'];
    await evaluate(
      {...(work.json('photos.json') as object), report: {dir: 'whole-jsonl', formats}},
      {cwd: work.path()},
    );
    const dirs = [1, 2].map((index) => `shards/photos-${index}-of-2`);
    const evaluation = await merge(dirs, 'merged-jsonl', formats);
    expect(contentsOf(work, 'merged-jsonl')).toEqual(contentsOf(work, 'whole-jsonl'));
    expect(evaluation.rows).toHaveLength(130);
    expect(evaluation.rows.map(({key}) => key)).toEqual([...work.rows('whole-photos').keys()]);
  });
});

test('what a shard prints', async () => {
  const {code, stdout} = await work.run(['eval', '--config', 'masks.json', '--shard', '2/2', '--report', 'printed']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^shard 2\/2 · \d+ samples: \d+ ok.* · device cpu · [\d.]+ s\nrows in printed; with all 2 shards: cv-loss merge SHARD… --report DIR\n$/,
  );
  expect(Object.keys(contentsOf(work, 'printed'))).toEqual(['shard.jsonl', 'timing.json']);
});

describe('gates and baselines are those of the merge', () => {
  const dirs = [1, 2].map((index) => `shards/masks-${index}-of-2`);
  const merging = (...args: string[]) => work.run(['merge', ...dirs, '--report', 'judged', ...args]);

  test('a gate that fails: code 1', async () => {
    const {code, stdout} = await merging('--gate', 'iou>=0.99');
    expect(code).toBe(1);
    expect(stdout).toContain('iou');
    expect((work.json('judged', 'report.json') as Evaluation['report']).gates).toMatchObject([{verdict: 'fail'}]);
    expect((await merging('--gate', 'iou>=0', '--quiet')).code).toBe(0);
  });

  test('a gate of the config holds, and a flag takes its place', async () => {
    const strict = await shards('masks', 2, {gates: {iou: {mean: {min: 0.99}}}});
    expect((await work.run(['merge', ...strict, '--report', 'strict', '--quiet'])).code).toBe(1);
    expect((await work.run(['merge', ...strict, '--report', 'strict', '--quiet', '--gate', 'iou>=0'])).code).toBe(0);
    await shards('masks', 2);
  });

  test('a baseline, and its update', async () => {
    const same = await merging('--baseline', 'whole-masks', '--json');
    expect(same.code).toBe(0);
    expect(JSON.parse(same.stdout)).toEqual(work.json('judged', 'report.json'));
    expect((await merging('--baseline', 'made', '--update-baseline', '--quiet')).code).toBe(0);
    expect(readFileSync(work.path('made/rows.csv'))).toEqual(readFileSync(work.path('whole-masks/rows.csv')));
    const none = await merging('--baseline', 'nowhere');
    expect(none).toEqual({
      code: 2,
      stdout: '',
      stderr: 'cv-loss: there is no baseline at nowhere; make one with --update-baseline\n',
    });
  });

  test('a baseline of the config is left to the merge, with a line that says so', async () => {
    const config = {...(work.json('masks.json') as object), baseline: {dir: 'whole-masks'}};
    work.write('held.json', JSON.stringify(config));
    const {code, stderr} = await work.run([
      'eval',
      '--config',
      'held.json',
      '--quiet',
      '--shard',
      '1/2',
      '--report',
      'held',
    ]);
    expect({code, stderr}).toEqual({
      code: 0,
      stderr: 'cv-loss: the baseline is left to the merge: cv-loss merge --baseline DIR\n',
    });
  });
});
