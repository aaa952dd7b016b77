import {randomBytes} from 'node:crypto';
import {performance} from 'node:perf_hooks';
import type {DelayedError, Job, Queue, UnrecoverableError, WaitingError} from 'bullmq';
import {readShard} from '../../journal/read-shard.js';
import {notice} from '../../notice.js';
import {mappedPath} from '../../run/path-map.js';
import {readJob, type ShardJob, type ShardResult, storedJob} from '../job.js';
import {isThere, publishShard} from '../publish.js';
import {type RunFolder, runFolder} from '../run-folder.js';
import type {ShardCounts} from './messages.js';
import {mayOthersRead} from './others.js';
import type {Scorer} from './scorer.js';
import type {WorkerOptions} from './serve.js';

/** How soon a shard comes back whose files another worker should read. */
const ELSEWHERE_MS = 500;

/** The errors by which BullMQ learns that a job was put elsewhere. */
export interface QueueErrors {
  readonly DelayedError: typeof DelayedError;
  readonly WaitingError: typeof WaitingError;
  readonly UnrecoverableError: typeof UnrecoverableError;
}

/** What a worker does with a shard: scores it in its own process, and puts the rows where the coordinator looks for them. */
export class ShardWork {
  /** Shards that were scored. */
  done = 0;
  #job: Job | null = null;
  #percent = 0;

  constructor(
    private readonly queue: Queue,
    private readonly scorer: Scorer,
    private readonly options: WorkerOptions,
    private readonly errors: QueueErrors,
  ) {}

  get isBusy(): boolean {
    return this.#job !== null;
  }

  /** Tells the queue how far the shard is. */
  progress(rows: number, of: number): void {
    const percent = Math.floor((100 * rows) / Math.max(1, of));
    if (percent === this.#percent) return;
    this.#percent = percent;
    // Only whoever looks at the queue misses it.
    this.#job?.updateProgress(percent).catch(() => undefined);
  }

  /**
   * Scores the shard of a job. Throws UsageError where this worker cannot score its run, BullMQ's own errors for a job that
   * was put back, and RunError for what may go better at the next attempt.
   */
  async score(job: Job, token: string): Promise<ShardResult> {
    this.#job = job;
    this.#percent = 0;
    try {
      const data = readJob(job.data);
      if (!data) throw new this.errors.UnrecoverableError('this is no job that this version of cv-loss knows');
      if (data.over) return this.nothing();
      return await this.#score(job, token, data);
    } finally {
      this.#job = null;
    }
  }

  /** Whether a job is still this worker's: one that was paused beyond its lock has lost it. */
  async holds(job: Job, token: string): Promise<boolean> {
    return (await job.extendLock(token, 1000 * this.options.lockSeconds).catch(() => 0)) === 1;
  }

  /** Whether the run of a job has ended meanwhile, so that what is missing is no mistake of this machine. */
  async isOver({id}: Job): Promise<boolean> {
    const job = await this.queue.getJob(id as string);
    return job === undefined || readJob(job.data)?.over === true;
  }

  /** What becomes of the shard of a run that is over. */
  nothing(): ShardResult {
    return this.#result({ok: 0, undefined: 0, failed: 0}, performance.now());
  }

  /** Puts a job back where it came from; nothing is counted against it. Throws what tells BullMQ so. */
  async giveBack(job: Job, token: string): Promise<never> {
    await job.moveToWait(token);
    throw new this.errors.WaitingError();
  }

  async #score(job: Job, token: string, data: ShardJob): Promise<ShardResult> {
    const {jobs, maxMemory, map, plugins, name, onNotice} = this.options;
    const {index, count, unreadable} = data;
    const shown = `shard ${index}/${count}`;
    const isTried = unreadable?.workers.includes(name) ?? false;
    if (isTried && (await this.#canOthersRead(data))) return this.#elsewhere(job, token);
    const started = performance.now();
    const folder = runFolder(mappedPath(data.folder, map));
    await this.scorer.open({folder: folder.path, map, jobs, maxMemory, plugins});
    if (await isThere(folder, index)) return this.#result(await countsOf(folder, index), started);
    const attempt = `${index}-${randomBytes(4).toString('hex')}`;
    const earlier = data.left ?? unreadable?.attempt;
    const scored = await this.scorer.score({
      index,
      attempt: folder.attempt(attempt),
      earlier: earlier === undefined ? null : folder.attempt(earlier),
    });
    if ('rows' in scored) {
      if (scored.rows > 0) await job.updateData(storedJob({...data, left: attempt}));
      onNotice(`${shown} is given back, ${scored.rows} of ${data.samples} rows done`);
      return this.giveBack(job, token);
    }
    const {counts} = scored;
    if (counts.unreadable > 0) {
      const {since = Date.now(), workers = []} = unreadable ?? {};
      const tried = {since, workers: [...new Set([...workers, name])], attempt, first: counts.first};
      const after = {...data, unreadable: tried};
      if (await this.#canOthersRead(after)) {
        onNotice(
          notice(
            'CVL-W007',
            `${shown}: files of ${counts.unreadable} of ${data.samples} rows cannot be read by this worker; left to another one`,
          ),
        );
        await job.updateData(storedJob(after));
        return this.#elsewhere(job, token);
      }
      // Rows that fail are published by whoever has the shard, nobody else.
      await job.extendLock(token, 1000 * this.options.lockSeconds);
    }
    await publishShard(folder, attempt, index);
    this.progress(1, 1);
    this.done++;
    const result = this.#result(counts, started);
    onNotice(`${shown} · ${data.samples} rows · ${result.seconds} s`);
    return result;
  }

  #canOthersRead({unreadable}: ShardJob): Promise<boolean> {
    return unreadable ? mayOthersRead(this.queue, unreadable, this.options.name) : Promise.resolve(false);
  }

  /** A job that another worker should take: this one may see it again, and passes it on. */
  async #elsewhere(job: Job, token: string): Promise<never> {
    await job.moveToDelayed(Date.now() + ELSEWHERE_MS, token);
    throw new this.errors.DelayedError();
  }

  #result({ok, undefined: none, failed}: Omit<ShardCounts, 'unreadable' | 'first'>, started: number): ShardResult {
    const seconds = Math.round(performance.now() - started) / 1000;
    return {ok, undefined: none, failed, seconds, worker: this.options.name};
  }
}

/** The rows of a shard that is there already. */
async function countsOf(folder: RunFolder, index: number): Promise<Omit<ShardCounts, 'unreadable' | 'first'>> {
  const counts = {ok: 0, undefined: 0, failed: 0};
  const shard = await readShard(folder.shard(index), folder.shard(index));
  for await (const {status} of shard.rows()) counts[status]++;
  return counts;
}
