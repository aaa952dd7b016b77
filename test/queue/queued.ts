import type {ChildProcess} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Job, Queue} from 'bullmq';
import {afterAll, vi} from 'vitest';
import {type Finished, finished, startCvLoss} from '../cli/cv-loss.js';
import {noise} from '../cli/pixels.js';
import type {Workspace} from '../cli/workspace.js';
import type {RedisServer} from './redis-server.js';

// Whole machines are waited for here: locks of two seconds, and as many processes.
vi.setConfig({testTimeout: 180_000, hookTimeout: 120_000});

const started: ChildProcess[] = [];

// A test that fails leaves nobody waiting for a server that is gone.
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** A process of cv-loss that a test watches. */
export interface Watched {
  readonly child: ChildProcess;
  readonly ended: Promise<Finished>;
  /** What it said so far. */
  said(): string;
}

/** A worker, by the name that it was given. */
export interface WatchedWorker extends Watched {
  readonly name: string;
}

/** Starts cv-loss and keeps what it says on standard error. */
export function watched(work: Workspace, args: readonly string[], env?: Record<string, string>): Watched {
  const child = startCvLoss(args, work.surroundings({env}));
  started.push(child);
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  return {child, ended: finished(child), said: () => said};
}

/** Starts a worker with locks of two seconds, on one core. */
export function startWorker(
  work: Workspace,
  redis: Pick<RedisServer, 'url'>,
  name: string,
  {args = [], env}: {readonly args?: readonly string[]; readonly env?: Record<string, string>} = {},
): WatchedWorker {
  const flags = ['--queue', redis.url, '--lock', '2', '--jobs', '1', '--name', name, ...args];
  return {name, ...watched(work, ['worker', ...flags], env)};
}

/** Waits until something is so; throws after a while. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 40): Promise<void> {
  const deadline = Date.now() + 1000 * seconds;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(20);
  }
}

/** The queue as a dashboard sees it. */
export class Dashboard {
  readonly #client;
  readonly queue: Queue;

  constructor(redis: RedisServer) {
    this.#client = redis.client();
    this.#client.on('error', () => undefined);
    this.queue = new Queue('cv-loss', {connection: this.#client});
    this.queue.on('error', () => undefined);
  }

  /** The job that a worker is at; undefined for none. */
  async jobOf(worker: string): Promise<Job | undefined> {
    const jobs = await this.queue.getActive();
    return jobs.find((job) => job?.processedBy?.startsWith(`${worker}.`));
  }

  async close(): Promise<void> {
    await this.queue.close();
    this.#client.disconnect();
  }
}

/** Processes that a worker started. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** Writes pairs that take some milliseconds each, in as many rows as asked for; gives the arguments that score them. */
export async function slowDataset(work: Workspace, rows: number, side = 192): Promise<string[]> {
  const kinds = 6;
  for (let i = 0; i < kinds; i++) {
    await work.image(`slow/target/${i}.png`, noise(100 + i, side, side));
    await work.image(`slow/pred/${i}.png`, noise(i, side, side));
  }
  const lines = Array.from(
    {length: rows},
    (_, i) => `row ${i},slow/pred/${i % kinds}.png,slow/target/${(i + (i >> 4)) % kinds}.png`,
  );
  work.write('slow.csv', `key,pred,target\n${lines.join('\n')}\n`);
  return ['eval', '--pairs', 'slow.csv', '--losses', 'mse,psnr,ssim,gmsd', '--quiet'];
}
