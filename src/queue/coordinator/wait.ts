import fs from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Job, Queue} from 'bullmq';
import {RunError} from '../../errors.js';
import {notice} from '../../notice.js';
import {printable} from '../../printable.js';
import {version} from '../../version.js';
import {JOB_OPTIONS, jobId, readJob, storedJob} from '../job.js';
import type {RunFolder} from '../run-folder.js';

/** A network file system may show a folder to one machine later than to another. */
const VISIBLE_MS = 60_000;
const NO_WORKER_MS = 10_000;
/** Looking for folders, which tells that shards are done, costs less than asking the queue, which tells what became of the others. */
const FOLDERS_EVERY_MS = 100;
const QUEUE_EVERY_MS = 1_000;
const LONGEST_PAUSE_MS = 2_000;
/** Shards that failed, by line, at most. */
const NAMED = 20;
const ADDED_AT_ONCE = 500;

/** The shards of a run. */
export interface ShardList {
  readonly run: string;
  /** Samples of each; shard 1 first. */
  readonly sizes: readonly number[];
}

/** What waiting for shards needs. */
export interface WaitOptions {
  readonly queue: Queue;
  readonly folder: RunFolder;
  readonly shards: ShardList;
  /** The queue as messages name it. */
  readonly shown: string;
  readonly signal: AbortSignal;
  /** Rejects when the queue is lost. */
  readonly lost: Promise<never>;
  readonly onNotice: (line: string) => void;
  readonly onProgress: (rows: number) => void;
}

/**
 * Puts the shards that are not done into the queue and waits until each is there, or failed for good. Throws RunError
 * `shards-failed` with a line for each of these before it, and the signal's reason when aborted.
 */
export async function waitForShards(options: WaitOptions): Promise<void> {
  const {signal, lost, shards} = options;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), {once: true});
  });
  aborted.catch(() => undefined);
  signal.throwIfAborted();
  const watch = new ShardWatch(options);
  await Promise.race([watch.begin(), aborted, lost]);
  for (;;) {
    await Promise.race([watch.look(), aborted, lost]);
    if (watch.open.size === 0) break;
    await Promise.race([watch.rest(), aborted, lost]);
  }
  if (watch.failed.size === 0) return;
  const count = shards.sizes.length;
  const lines = [...watch.failed]
    .sort(([a], [b]) => a - b)
    .map(([index, reason]) => `shard ${index}/${count}: ${reason}`);
  for (const line of lines.slice(0, NAMED)) options.onNotice(line);
  const verb = watch.failed.size === 1 ? 'shard' : 'shards';
  throw new RunError(
    'shards-failed',
    `${watch.failed.size} of ${count} ${verb} failed at every attempt; the same command tries ${watch.failed.size === 1 ? 'it' : 'them'} again`,
  );
}

/** Takes the jobs of a run out of the queue, but for those at work. */
export async function removeJobs(queue: Queue, {run, sizes}: ShardList): Promise<void> {
  await Promise.all(sizes.map((_, i) => queue.remove(jobId(run, i + 1)).catch(() => undefined)));
}

/**
 * Tells the jobs of a run that it is over, before its folder is taken away: a shard that was called lost is in the queue again,
 * or at work, though its rows were there in time.
 */
export async function endJobs(queue: Queue, {run, sizes}: ShardList): Promise<void> {
  await Promise.all(
    sizes.map(async (_, i) => {
      const id = jobId(run, i + 1);
      const job = await queue.getJob(id);
      const data = readJob(job?.data);
      if (!job || !data || job.finishedOn !== undefined) return;
      await job.updateData(storedJob({...data, over: true}));
      await queue.remove(id);
    }),
  );
}

class ShardWatch {
  /** Shards that are neither there nor failed. */
  readonly open = new Set<number>();
  readonly failed = new Map<number, string>();
  readonly #told = new Map<number, string>();
  /** When a shard was called completed whose folder is not to be seen. */
  readonly #completed = new Map<number, number>();
  readonly #started = Date.now();
  #isTaken = false;
  #isAlone = false;

  constructor(private readonly options: WaitOptions) {
    for (const i of options.shards.sizes.keys()) this.open.add(i + 1);
  }

  /** Puts what is not done into the queue; what failed before is tried again. */
  async begin(): Promise<void> {
    const {queue, shards, onNotice} = this.options;
    await this.#seeFolders();
    const done = shards.sizes.length - this.open.size;
    if (done > 0) onNotice(`${done} of ${shards.sizes.length} shards are there`);
    const jobs = await this.#jobs();
    const ended = jobs.filter(([, job]) => job?.finishedOn !== undefined);
    for (const [index] of ended) await queue.remove(jobId(shards.run, index));
    const missing = jobs.filter(([, job]) => job === undefined || job.finishedOn !== undefined);
    await this.#add(missing.map(([index]) => index));
    for (const [, job] of jobs) {
      const data = readJob(job?.data);
      // Of an earlier run with the same shards.
      if (job?.finishedOn === undefined && data?.over) await job?.updateData(storedJob({...data, over: false}));
    }
  }

  /** Looks once at every shard that is open. */
  async look(): Promise<void> {
    const {shards, onProgress} = this.options;
    const jobs = await this.#jobs();
    await this.#seeFolders();
    let rows = shards.sizes.reduce((sum, size, i) => (this.open.has(i + 1) ? sum : sum + size), 0);
    const lost: number[] = [];
    for (const [index, job] of jobs) {
      if (!this.open.has(index)) continue;
      if (!job) lost.push(index);
      else if (job.finishedOn === undefined) rows += this.#atWork(index, job);
      else if (job.returnvalue) this.#isHidden(index) && lost.push(index);
      else this.#fail(index, job.failedReason);
    }
    onProgress(rows);
    for (const index of lost) await this.options.queue.remove(jobId(shards.run, index));
    await this.#add(lost);
    this.#tellAlone();
  }

  /** Until the queue is to be asked again, or the last shard is there. The more shards, the longer. */
  async rest(): Promise<void> {
    const every = Math.max(FOLDERS_EVERY_MS, this.options.shards.sizes.length / 10);
    const untilMs = performance.now() + Math.min(LONGEST_PAUSE_MS, Math.max(QUEUE_EVERY_MS, this.open.size));
    for (;;) {
      const leftMs = untilMs - performance.now();
      if (this.open.size === 0 || leftMs <= 0) return;
      await sleep(Math.min(every, leftMs), undefined, {ref: false});
      await this.#seeFolders();
    }
  }

  /** Rows of a shard that waits or is at work, by what its worker says. */
  #atWork(index: number, job: Job): number {
    const {shards, onNotice} = this.options;
    if (job.processedOn !== undefined) this.#isTaken = true;
    const {failedReason} = job;
    const told = `${job.attemptsMade} ${failedReason}`;
    if (failedReason && this.#told.get(index) !== told) {
      this.#told.set(index, told);
      onNotice(
        notice(
          'CVL-W004',
          `shard ${index}/${shards.sizes.length} failed, it is tried again: ${printable(failedReason)}`,
        ),
      );
    }
    const percent = typeof job.progress === 'number' ? Math.min(100, Math.max(0, job.progress)) : 0;
    return Math.floor(((shards.sizes[index - 1] ?? 0) * percent) / 100);
  }

  /** Whether a shard has been called done for long, and is not there. */
  #isHidden(index: number): boolean {
    const since = this.#completed.get(index) ?? Date.now();
    this.#completed.set(index, since);
    if (Date.now() - since < VISIBLE_MS) return false;
    this.#completed.delete(index);
    return true;
  }

  #fail(index: number, reason: string | undefined): void {
    this.failed.set(index, printable(reason ?? 'no reason is known').split('\n')[0] as string);
    this.open.delete(index);
  }

  /** Shards whose rows are there are done, whatever the queue knows of them. */
  async #seeFolders(): Promise<void> {
    for (const name of await fs.readdir(this.options.folder.shards)) this.open.delete(Number(name));
  }

  async #jobs(): Promise<[number, Job | undefined][]> {
    const {queue, shards} = this.options;
    const {Job: JobOf} = await import('bullmq');
    return Promise.all(
      [...this.open].map(
        async (index) => [index, await JobOf.fromId(queue, jobId(shards.run, index))] as [number, Job],
      ),
    );
  }

  async #add(indices: readonly number[]): Promise<void> {
    const {queue, folder, shards} = this.options;
    const count = shards.sizes.length;
    const jobs = indices.map((index) => {
      const samples = shards.sizes[index - 1] ?? 0;
      const data = storedJob({version, run: shards.run, index, count, samples, folder: folder.path});
      return {name: `shard ${index}/${count}`, data, opts: {...JOB_OPTIONS, jobId: jobId(shards.run, index)}};
    });
    for (let at = 0; at < jobs.length; at += ADDED_AT_ONCE) await queue.addBulk(jobs.slice(at, at + ADDED_AT_ONCE));
  }

  #tellAlone(): void {
    const {shown, onNotice, shards} = this.options;
    const isStarted = this.#isTaken || this.open.size < shards.sizes.length;
    if (isStarted || this.#isAlone || Date.now() - this.#started < NO_WORKER_MS) return;
    this.#isAlone = true;
    onNotice(
      notice(
        'CVL-W003',
        `no worker has taken a shard yet; start some, on any machine: cv-loss worker --queue ${shown}`,
      ),
    );
  }
}
