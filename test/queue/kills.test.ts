import {rmSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {contentsOf} from '../cli/interrupting.js';
import {Workspace} from '../cli/workspace.js';
import {childrenOf, Dashboard, slowDataset, startWorker, until, type WatchedWorker, watched} from './queued.js';
import {RedisServer} from './redis-server.js';

/** `npm run torture` asks for 50. */
const TRIES = Number(process.env.CV_LOSS_QUEUE_TRIES ?? 5);
const ROWS = 160;
const SHARDS = 12;

const work = new Workspace(afterAll);
let redis: RedisServer;
let dashboard: Dashboard;
let args: string[];
const workers: WatchedWorker[] = [];

beforeAll(async () => {
  args = await slowDataset(work, ROWS);
  redis = await RedisServer.start();
  dashboard = new Dashboard(redis);
  expect((await work.run([...args, '--report', 'whole'])).code).toBe(0);
});

afterAll(async () => {
  for (const {child} of workers) child.kill('SIGKILL');
  await dashboard?.close();
  await redis?.remove();
});

/** The numbers of a try, the same for the same seed. */
function drawn(seed: number) {
  const [numbers] = fc.sample(fc.tuple(fc.nat(120), fc.nat(120), fc.nat(120), fc.boolean(), fc.boolean()), {
    numRuns: 1,
    seed,
  });
  const [first, second, third, isWholeMachine, isPausedWhole] = numbers as [number, number, number, boolean, boolean];
  return {waits: [first, second, third], isWholeMachine, isPausedWhole};
}

/** Sends a signal to a worker, and to its scoring process too where a whole machine is meant. */
function signal({child}: WatchedWorker, name: NodeJS.Signals, isWhole: boolean): void {
  const pids = [child.pid as number, ...(isWhole ? childrenOf(child.pid as number) : [])];
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      // A scoring process may end at any time.
      if (pid === child.pid || (error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Four workers at work: those of the try before that are left, and new ones. */
async function fourWorkers(seed: number): Promise<WatchedWorker[]> {
  const alive = workers.filter(({child}) => child.exitCode === null && child.signalCode === null);
  while (alive.length < 4) {
    const worker = startWorker(work, redis, `w${seed}-${alive.length}`);
    workers.push(worker);
    alive.push(worker);
  }
  return alive;
}

/** The first of some workers that has a shard. */
async function oneAtWork(some: readonly WatchedWorker[]): Promise<WatchedWorker> {
  let found: WatchedWorker | undefined;
  await until('a worker has a shard', async () => {
    for (const worker of some) if (await dashboard.jobOf(worker.name)) found ??= worker;
    return found !== undefined;
  });
  return found as WatchedWorker;
}

test.each(Array.from({length: TRIES}, (_, i) => i + 1))(
  'two workers are killed in a shard and one is paused beyond its lock: the report of the single run (seed %i)',
  async (seed) => {
    const report = `queued-${seed}`;
    const {waits, isWholeMachine, isPausedWhole} = drawn(seed);
    const four = await fourWorkers(seed);
    const run = watched(work, [...args, '--queue', redis.url, '--shards', String(SHARDS), '--report', report]);
    const paused = await oneAtWork(four);
    await sleep(waits[0]);
    signal(paused, 'SIGSTOP', isPausedWhole);
    const held = await dashboard.jobOf(paused.name);
    let others = four.filter((worker) => worker !== paused);
    for (const wait of waits.slice(1)) {
      const killed = await oneAtWork(others);
      await sleep(wait);
      signal(killed, 'SIGKILL', isWholeMachine);
      others = others.filter((worker) => worker !== killed);
    }
    // Until another worker has taken the shard of the paused one, which then goes on with it.
    if (held) {
      const isTaken = async () => {
        const job = await dashboard.queue.getJob(held.id as string);
        return !!job?.returnvalue || (!!job?.processedBy && !job.processedBy.startsWith(`${paused.name}.`));
      };
      await until('another worker takes the shard of the paused one', isTaken);
    }
    signal(paused, 'SIGCONT', isPausedWhole);
    const {code, stderr} = await run.ended;
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(contentsOf(work, report)).toEqual(contentsOf(work, 'whole'));
    const jobs = await dashboard.queue.getJobs(['completed']);
    expect(jobs).toHaveLength(SHARDS);
    expect(jobs.some((job) => job.stalledCounter > 0)).toBe(true);
    await dashboard.queue.obliterate({force: true});
    rmSync(work.path(report), {recursive: true});
  },
);

test('the workers that are left end when they are told to', async () => {
  const alive = workers.filter(({child}) => child.exitCode === null && child.signalCode === null);
  expect(alive.length).toBeGreaterThanOrEqual(2);
  // The last to be started may not be up yet.
  const isThere = async () => {
    const known = JSON.stringify(await dashboard.queue.getWorkers());
    return alive.every(({name}) => known.includes(name));
  };
  await until('all of them are up', isThere);
  for (const {child} of alive) child.kill('SIGTERM');
  for (const {ended} of alive) expect((await ended).code).toBe(0);
});
