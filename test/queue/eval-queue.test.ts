import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {version} from '../../src/version.js';
import {contentsOf} from '../cli/interrupting.js';
import {photoDataset, runArgs} from '../cli/split-datasets.js';
import {Workspace} from '../cli/workspace.js';
import {Dashboard, startWorker, until, watched} from './queued.js';
import {freePort, RedisServer} from './redis-server.js';

const work = new Workspace(afterAll);
let redis: RedisServer;
let dashboard: Dashboard;
/** Scores photographs, some of which are undefined, infinite or failed: code 3. */
let args: (report: string, ...more: string[]) => string[];

beforeAll(async () => {
  const set = await photoDataset(work, 130);
  args = (report, ...more) => runArgs(set, report, '--queue', redis.url, ...more);
  redis = await RedisServer.start();
  dashboard = new Dashboard(redis);
  expect((await work.run(runArgs(set, 'whole'))).code).toBe(3);
});

afterAll(async () => {
  await dashboard?.close();
  await redis?.remove();
});

const folderOf = (report: string) => {
  const run = work.contents().find((name) => new RegExp(`^work/${report}/queue/[0-9a-f]{16}$`).test(name));
  return run?.slice('work/'.length) as string;
};

test('a run that is interrupted goes on by the same command, and dashboards can read its jobs', async () => {
  const first = watched(work, args('left', '--shards', '7'));
  await until('the shards are in the queue', async () => (await dashboard.queue.getWaitingCount()) === 7);
  first.child.kill('SIGINT');
  expect(await first.ended).toMatchObject({
    code: 130,
    stderr: 'cv-loss: interrupted; the shards stay in the queue, and the same command goes on with them\n',
  });
  const worker = startWorker(work, redis, 'one', {args: ['--idle', '2']});
  await until('three shards are done', async () => (await dashboard.queue.getCompletedCount()) >= 3);
  const second = await work.run(args('left', '--shards', '7'));
  expect(second.code).toBe(3);
  expect(second.stderr).toMatch(/^cv-loss: going on with an interrupted run\ncv-loss: [3-7] of 7 shards are there\n/);
  expect(contentsOf(work, 'left')).toEqual(contentsOf(work, 'whole'));
  const ended = await worker.ended;
  expect(ended).toMatchObject({code: 0, stdout: ''});
  expect(ended.stderr).toMatch(/cv-loss: worker one\.[0-9a-f]{4} ends after 7 shards\n$/);
  const jobs = await dashboard.queue.getJobs(['completed']);
  expect(jobs.map(({name}) => name).sort()).toEqual(Array.from({length: 7}, (_, i) => `shard ${i + 1}/7`));
  for (const {returnvalue, progress, processedBy} of jobs) {
    expect(progress).toBe(100);
    expect(processedBy).toMatch(/^one\./);
    expect(returnvalue).toEqual({
      ok: expect.any(Number),
      undefined: expect.any(Number),
      failed: expect.any(Number),
      seconds: expect.any(Number),
      worker: processedBy,
    });
  }
  await dashboard.queue.obliterate({force: true});
});

test('shards that fail for good are told with their reasons: code 4; the same command tries them again', async () => {
  const run = watched(work, args('broken', '--shards', '3'));
  await until('the shards are in the queue', async () => (await dashboard.queue.getWaitingCount()) === 3);
  // A place where nobody can write, root neither.
  rmSync(work.path(folderOf('broken'), 'attempts'), {recursive: true});
  writeFileSync(work.path(folderOf('broken'), 'attempts'), '');
  const worker = startWorker(work, redis, 'two');
  const {code, stderr} = await run.ended;
  expect(code).toBe(4);
  const lines = stderr.split('\n').filter((line) => !line.includes('tried again'));
  const reason =
    /^cv-loss: shard \d\/3: cannot write .*: a part of the path is a file, not a folder; choose another place$/;
  expect(lines.slice(0, 3)).toEqual([1, 2, 3].map(() => expect.stringMatching(reason)));
  expect(lines.slice(3)).toEqual([
    'cv-loss: shards-failed: 3 of 3 shards failed at every attempt; the same command tries them again',
    '',
  ]);
  const failed = await dashboard.queue.getJobs(['failed']);
  expect(failed.map(({attemptsMade}) => attemptsMade)).toEqual([3, 3, 3]);
  rmSync(work.path(folderOf('broken'), 'attempts'));
  mkdirSync(work.path(folderOf('broken'), 'attempts'));
  const again = await work.run(args('broken', '--shards', '3'));
  expect(again.code, again.stderr).toBe(3);
  expect(contentsOf(work, 'broken')).toEqual(contentsOf(work, 'whole'));
  worker.child.kill('SIGTERM');
  expect((await worker.ended).code).toBe(0);
  await dashboard.queue.obliterate({force: true});
});

test('a worker of another version takes no shard, and says so in a line', async () => {
  const data = {job: 'cv-loss-job/2', version: '99.0.0'};
  await dashboard.queue.add('shard 1/1', data, {jobId: 'other', attempts: 1});
  const {code, stderr} = await startWorker(work, redis, 'three', {args: ['--quiet']}).ended;
  expect({code, stderr}).toEqual({
    code: 2,
    stderr: `cv-loss: the run is of cv-loss 99.0.0, this worker is ${version}; install the same\n`,
  });
  expect(await dashboard.queue.getWaitingCount()).toBe(1);
  expect(await (await dashboard.queue.getJob('other'))?.getState()).toBe('waiting');
  await dashboard.queue.obliterate({force: true});
});

test('a queue that is not there, or has no name: one line, code 2', async () => {
  const nowhere = `redis://me:s3cret@127.0.0.1:${await freePort()}`;
  const exposed =
    'cv-loss: a password in --queue can be seen by everybody on this machine; put the address into CV_LOSS_QUEUE, or the password into CV_LOSS_QUEUE_PASSWORD\n';
  const shown = nowhere.replace('me:s3cret@', '');
  for (const command of [['worker'], ['eval', '--pred', 'a', '--target', 'b']]) {
    const unreachable = `cv-loss: the queue at ${shown} cannot be reached (ECONNREFUSED)\n`;
    expect(await work.run([...command, '--queue', nowhere])).toMatchObject({code: 2, stderr: exposed + unreachable});
    const env = {CV_LOSS_QUEUE: 'http://me:s3cret@somewhere'};
    const flag = command[0] === 'eval' ? ['--queue'] : [];
    expect(await work.run([...command, ...flag], {env})).toMatchObject({
      code: 2,
      stderr:
        'cv-loss: that is no address of a queue: expected redis://HOST:PORT or rediss://HOST:PORT (TLS), in --queue or CV_LOSS_QUEUE\n',
    });
  }
  expect((await work.run(['worker'])).stderr).toMatch(/^cv-loss: no queue is named: expected redis:/);
  const sets = ['eval', '--queue', redis.url, '--real', 'a.csv', '--fake', 'b.csv', '--losses', 'lsgan'];
  expect(await work.run(sets)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^cv-loss: --queue is for tasks of images/),
  });
});
