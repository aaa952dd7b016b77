import {deflateSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {png} from '../images/fixtures.js';
import {contentsOf, interrupted, journaledRows, restoredRows} from './interrupting.js';
import {maskDataset, networkDataset, photoDataset, runArgs, type SplitDataset} from './split-datasets.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const sets: Record<string, SplitDataset> = {};

beforeAll(async () => {
  sets.photos = await photoDataset(work, 96);
  sets.masks = await maskDataset(work, 48);
  sets.networks = await networkDataset(work, 6);
  for (const [name, set] of Object.entries(sets)) {
    expect(await work.run(runArgs(set, `${name}-1`, '--jobs', '1'))).toMatchObject({code: set.code, stdout: ''});
  }
}, 120_000);

const set = (name: string) => sets[name] as SplitDataset;

test.each([
  ['photos', '2'],
  ['photos', '3'],
  ['masks', '2'],
])('%s with --jobs %s: the bytes of one job', async (name, jobs) => {
  const report = `${name}-${jobs}`;
  const end = await work.run(runArgs(set(name), report, '--jobs', jobs));
  expect(end).toMatchObject({code: set(name).code, stdout: ''});
  expect(contentsOf(work, report)).toEqual(contentsOf(work, `${name}-1`));
});

test('a PNG of too few pixels, which threads decode by themselves, fails in the same words', async () => {
  const header = {width: 3, height: 3, depth: 8, colourType: 2};
  for (const role of ['pred', 'target']) {
    work.write(`short/${role}/a.png`, png(header, deflateSync(Buffer.alloc(role === 'pred' ? 29 : 30))));
  }
  const run = (jobs: string) =>
    work.run([
      'eval',
      '--pred',
      'short/pred',
      '--target',
      'short/target',
      '--losses',
      'mse',
      '--report',
      `short-${jobs}`,
      '--jobs',
      jobs,
    ]);
  for (const jobs of ['1', '2']) expect(await run(jobs)).toMatchObject({code: 3});
  expect(work.read('short-2/rows.csv')).toBe(work.read('short-1/rows.csv'));
  expect(work.read('short-2/rows.csv')).toContain('the PNG data is damaged or cut short');
});

test('networks have their threads, and the report says how many', async () => {
  expect(await work.run(runArgs(set('networks'), 'networks-2', '--jobs', '2'))).toMatchObject({code: 0});
  const threads = (report: string) =>
    (work.json(report, 'report.json') as {networks: {threads: number}[]}).networks.map((network) => network.threads);
  expect([...threads('networks-1'), ...threads('networks-2')]).toEqual([1, 2]);
});

describe('interrupted in threads', () => {
  test.each<[NodeJS.Signals, number | null, string]>([
    ['SIGKILL', null, '1'],
    ['SIGINT', 130, '2'],
  ])('%s: the same command with --jobs %3$s goes on with the rows', async (signal, code, jobs) => {
    const args = runArgs(set('photos'), signal, '--jobs', '2');
    expect(await interrupted(work, {args, report: signal, rows: 32}, signal)).toMatchObject({code, stdout: ''});
    const kept = journaledRows(work, signal);
    expect(kept).toBeGreaterThanOrEqual(32);
    expect((await work.run(runArgs(set('photos'), signal, '--jobs', jobs))).code).toBe(3);
    expect(contentsOf(work, signal)).toEqual(contentsOf(work, 'photos-1'));
    expect(restoredRows(work, signal)).toBe(kept);
  });
});

test.each(['0', '-1', '1.5', 'many'])('--jobs %s is refused', async (jobs) => {
  const {code, stderr} = await work.run(['eval', '--jobs', jobs]);
  expect(code).toBe(2);
  expect(stderr).toContain("option '--jobs <n>'");
});

test.each(['1', '2'])('--profile with --jobs %s says where the time goes', async (jobs) => {
  const report = `profile-${jobs}`;
  const {stderr} = await work.run(runArgs(set('photos'), report, '--jobs', jobs, '--profile'));
  const stages = ['read', 'hash', 'decode', 'mse', 'psnr', 'ssim', 'journal', 'report'];
  expect(stderr).toMatch(/^\d+\.\d\d s in all; what files and threads do at once adds up:$/m);
  for (const stage of stages) expect(stderr).toMatch(new RegExp(`^${stage} +\\d+\\.\\d{3} +\\d+\\.\\d %$`, 'm'));
  const timing = work.json(report, 'timing.json') as {stages: Record<string, number>};
  expect(Object.keys(timing.stages).sort()).toEqual(stages.sort());
});
