import {mkdirSync} from 'node:fs';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {waitForShards} from '../../src/queue/coordinator/wait.js';
import {jobId} from '../../src/queue/job.js';
import {runFolder} from '../../src/queue/run-folder.js';
import {Workspace} from '../cli/workspace.js';
import {Dashboard, until} from './queued.js';
import {RedisServer} from './redis-server.js';

const work = new Workspace(afterAll);
let redis: RedisServer;
let dashboard: Dashboard;

beforeAll(async () => {
  redis = await RedisServer.start();
  dashboard = new Dashboard(redis);
});

beforeEach(() => dashboard.queue.obliterate({force: true}));

afterAll(async () => {
  await dashboard?.close();
  await redis?.remove();
});

/** Begins to wait for a run of two shards that no worker takes. */
async function waiting(run: string) {
  const folder = runFolder(work.path(run));
  for (const path of [folder.attempts, folder.shards]) mkdirSync(path, {recursive: true});
  const ending = new AbortController();
  const rows: number[] = [];
  const done = waitForShards({
    queue: dashboard.queue,
    folder,
    shards: {run, sizes: [3, 4]},
    shown: redis.url,
    signal: ending.signal,
    lost: new Promise<never>(() => undefined),
    onNotice: () => undefined,
    onProgress: (count) => rows.push(count),
  });
  done.catch(() => undefined);
  await until('its jobs are there', async () => (await dashboard.queue.getWaitingCount()) === 2);
  return {folder, ending, rows, done};
}

test('a shard whose folder is there is done, whatever the queue knows of it', async () => {
  const {folder, rows, done} = await waiting('0000000000000001');
  mkdirSync(folder.shard(1));
  await until('the first is seen', () => rows.at(-1) === 3);
  mkdirSync(folder.shard(2));
  await done;
  expect(rows.at(-1)).toBe(7);
});

test('a job that somebody took out of the queue is put there again', async () => {
  const {folder, done} = await waiting('0000000000000002');
  await dashboard.queue.remove(jobId('0000000000000002', 2));
  await until('it is back', async () => (await dashboard.queue.getJob(jobId('0000000000000002', 2))) !== undefined);
  for (const index of [1, 2]) mkdirSync(folder.shard(index));
  await done;
});

test('who stops waiting leaves the jobs where they are', async () => {
  const {ending, done} = await waiting('0000000000000003');
  ending.abort(new Error('enough'));
  await expect(done).rejects.toThrow('enough');
  expect(await dashboard.queue.getWaitingCount()).toBe(2);
});
