import type {Job, Queue, Worker} from 'bullmq';
import {UsageError} from '../../errors.js';
import type {PathMap} from '../../run/path-map.js';
import {version} from '../../version.js';
import type {QueueAddress} from '../address.js';
import {openConnection, type QueueConnection} from '../connection.js';
import {QUEUE_NAME, type ShardResult, versionOf} from '../job.js';
import {otherVersion} from './open-run.js';
import {Scorer} from './scorer.js';
import {ShardWork} from './shard-work.js';
import {tellOfShards} from './tell-of-shards.js';

/** A worker that dies takes its shard with it so often before the shard is called a failure: machines that come and go are no fault of it. */
const MOST_DEATHS = 5;

/** How a worker works. */
export interface WorkerOptions {
  /** Its name, which no other worker has. */
  readonly name: string;
  readonly jobs: number | null;
  /** Bytes; null for no limit but the device's. */
  readonly maxMemory: number | null;
  readonly map: PathMap;
  readonly plugins: readonly string[];
  /** How long it may be silent before its shard is another's. */
  readonly lockSeconds: number;
  /** How long the shard under way may take when the worker is to end, before it is given back. */
  readonly drainSeconds: number;
  /** It ends after so long without a shard; null: it waits for ever. */
  readonly idleSeconds: number | null;
  /** Called with a line for what happens. */
  readonly onNotice: (line: string) => void;
  /** Ends the worker: it takes no more shards. */
  readonly signal: AbortSignal;
}

/**
 * Takes shards from a queue until it is told to end, or finds none for as long as it was told to wait; gives how many were
 * scored. Throws UsageError for a queue that cannot be reached and for a run that this machine or this version would score in
 * another way (its shard is given back), RunError when the queue is lost.
 */
export async function serveQueue(address: QueueAddress, options: WorkerOptions): Promise<number> {
  const {onNotice} = options;
  const connection = await openConnection(address, onNotice);
  const scorer = new Scorer({onNotice, onProgress: (rows, of) => work.progress(rows, of)});
  const {Queue: QueueOf, Worker: WorkerOf, ...errors} = await import('bullmq');
  const queue: Queue = new QueueOf(QUEUE_NAME, {connection: connection.client});
  queue.on('error', () => undefined);
  const work = new ShardWork(queue, scorer, options, errors);
  const ending = new Ending();
  let worker: Worker | null = null;
  try {
    scorer.start();
    worker = new WorkerOf(QUEUE_NAME, (job, token = '') => scored(job, token, {work, ending, worker: () => worker}), {
      connection: connection.settings,
      name: options.name,
      lockDuration: 1000 * options.lockSeconds,
      // A shard is called lost when it has no lock at two looks.
      stalledInterval: 500 * options.lockSeconds,
      maxStalledCount: MOST_DEATHS,
      runRetryDelay: 1000,
    });
    tellOfShards(worker, address, onNotice);
    watchIdle(worker, work, options, ending);
    options.signal.addEventListener('abort', () => ending.end(null), {once: true});
    if (options.signal.aborted) ending.end(null);
    await Promise.race([ending.ended, connection.lost]);
    await drained(worker, scorer, work, options.drainSeconds);
  } finally {
    await closed(worker, queue, connection, scorer);
  }
  if (ending.error) throw ending.error;
  return work.done;
}

/** When a worker ends, and whether it is by a mistake. */
class Ending {
  error: Error | null = null;
  #resolve: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.#resolve = resolve;
  });

  end(error: Error | null): void {
    this.error ??= error;
    this.#resolve();
  }
}

/** Scores a job; one that this worker must not score is given back, and the worker ends. */
async function scored(
  job: Job,
  token: string,
  {work, ending, worker}: {work: ShardWork; ending: Ending; worker: () => Worker | null},
): Promise<ShardResult> {
  try {
    const ofRun = versionOf(job.data);
    if (ofRun !== null && ofRun !== version) throw new UsageError('CVL-Q004', otherVersion(ofRun));
    return await work.score(job, token);
  } catch (error) {
    // Of a shard that is another's by now, the run may be over and gone.
    if (!(error instanceof UsageError) || !(await work.holds(job, token))) throw error;
    if (await work.isOver(job)) return work.nothing();
    ending.end(error);
    // No other job is taken from now on.
    void worker()?.close();
    return work.giveBack(job, token);
  }
}

/** Ends a worker that had nothing to do for as long as it was told to wait. */
function watchIdle(worker: Worker, work: ShardWork, {idleSeconds}: WorkerOptions, ending: Ending): void {
  if (idleSeconds === null) return;
  let since = Date.now();
  for (const event of ['active', 'completed', 'failed'] as const) worker.on(event, () => (since = Date.now()));
  const timer = setInterval(() => {
    if (work.isBusy) since = Date.now();
    else if (Date.now() - since >= 1000 * idleSeconds) ending.end(null);
  }, 100);
  void ending.ended.then(() => clearInterval(timer));
}

/** Lets the shard under way end, or gives it back. */
async function drained(worker: Worker, scorer: Scorer, work: ShardWork, seconds: number): Promise<void> {
  const timer = setTimeout(() => {
    if (work.isBusy) scorer.stop();
  }, 1000 * seconds);
  await worker.close();
  clearTimeout(timer);
}

async function closed(worker: Worker | null, queue: Queue, connection: QueueConnection, scorer: Scorer): Promise<void> {
  await worker?.close(true).catch(() => undefined);
  scorer.end();
  await queue.close().catch(() => undefined);
  connection.close();
}
