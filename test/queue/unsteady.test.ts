import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {contentsOf} from '../cli/interrupting.js';
import {Workspace} from '../cli/workspace.js';
import {Dashboard, slowDataset, startWorker, until, type WatchedWorker, watched} from './queued.js';
import {RedisServer} from './redis-server.js';

const work = new Workspace(afterAll);
let redis: RedisServer;
let dashboard: Dashboard;
let args: string[];
const workers: WatchedWorker[] = [];
const SHARDS = 10;

beforeAll(async () => {
  args = await slowDataset(work, 150);
  redis = await RedisServer.start(['--appendonly', 'yes']);
  dashboard = new Dashboard(redis);
  expect((await work.run([...args, '--report', 'whole'])).code).toBe(0);
});

beforeEach(async () => {
  await dashboard.queue.obliterate({force: true});
});

afterAll(async () => {
  for (const {child} of workers) child.kill('SIGKILL');
  await dashboard?.close();
  await redis?.remove();
});

function worker(name: string, ...more: string[]): WatchedWorker {
  const started = startWorker(work, redis, name, {args: more});
  workers.push(started);
  return started;
}

const run = (report: string) =>
  watched(work, [...args, '--queue', redis.url, '--shards', String(SHARDS), '--report', report]);
const shardsDone = (count: number) =>
  until(`${count} shards are done`, async () => (await dashboard.queue.getCompletedCount()) >= count);

test('the server crashes and comes back, connections are cut, a worker is stopped and goes on: the report of the single run', async () => {
  const [first, second] = [worker('first'), worker('second')];
  const coordinator = run('restarted');
  await shardsDone(2);
  await redis.stop('SIGKILL');
  await sleep(1500);
  await redis.start();
  await shardsDone(3);
  const client = redis.client();
  await client.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  client.disconnect();
  await until('the second worker has a shard', async () => !!(await dashboard.jobOf('second')));
  second.child.kill('SIGSTOP');
  await sleep(4000);
  second.child.kill('SIGCONT');
  const {code, stderr} = await coordinator.ended;
  expect(code, stderr).toBe(0);
  expect(contentsOf(work, 'restarted')).toEqual(contentsOf(work, 'whole'));
  const cut = `cv-loss: the queue at ${redis.url} is out of reach, trying again\ncv-loss: the queue at ${redis.url} is back\n`;
  expect(stderr).toContain(cut);
  // On a busy machine it may find the queue again before it has said that it was gone.
  expect(stderr.replaceAll(cut, '')).toBe('');
  for (const {child} of [first, second]) child.kill('SIGTERM');
  for (const {ended} of [first, second]) {
    const end = await ended;
    expect(end.code, end.stderr).toBe(0);
  }
});

test('a worker that is told to end gives its shard back with the rows so far, and another one goes on with them', async () => {
  const hasty = worker('hasty', '--drain', '0');
  const coordinator = run('drained');
  await until('it has a shard', async () => !!(await dashboard.jobOf('hasty')));
  hasty.child.kill('SIGTERM');
  expect(await hasty.ended).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/shard \d+\/10 is given back, \d+ of \d+ rows done\n/),
  });
  expect(await dashboard.queue.getActiveCount()).toBe(0);
  const patient = worker('patient');
  await until('the other has a shard', async () => !!(await dashboard.jobOf('patient')));
  const held = (await dashboard.jobOf('patient'))?.id as string;
  patient.child.kill('SIGTERM');
  expect((await patient.ended).code).toBe(0);
  expect(await (await dashboard.queue.getJob(held))?.getState()).toBe('completed');
  const last = worker('last', '--idle', '3');
  const {code, stderr} = await coordinator.ended;
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(contentsOf(work, 'drained')).toEqual(contentsOf(work, 'whole'));
  const jobs = await dashboard.queue.getJobs(['completed']);
  // What was given back counts as no failure.
  expect(jobs.every(({attemptsMade, stalledCounter}) => attemptsMade === 1 && stalledCounter === 0)).toBe(true);
  expect((await last.ended).code).toBe(0);
});
