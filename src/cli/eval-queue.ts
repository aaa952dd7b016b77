import {join, resolve} from 'node:path';
import {InvalidArgumentError, Option} from 'commander';
import type {Config} from '../config/config.js';
import {UsageError} from '../errors.js';
import type {RowSource} from '../evaluate.js';
import type {EvaluateOptions} from '../evaluation.js';
import {notice} from '../notice.js';
import type {Watching} from './eval-series.js';
import {positiveInteger} from './option-values.js';

/** The flags of `eval` that share a run out. */
export interface QueueFlags {
  /** True where it was given without an address. */
  readonly queue?: string | true;
  readonly shards?: number;
  readonly shared?: string;
}

const MOST_SHARDS = 10_000;

/** `--queue [url]`. */
export function queueOption(): Option {
  return new Option(
    '--queue [url]',
    'share the run out to cv-loss workers, through Redis: redis://host:6379, rediss:// for TLS (default: CV_LOSS_QUEUE)',
  ).conflicts(['shard', 'series', 'profile', 'saveImages']);
}

/** `--shards <n>`. */
export function shardsOption(): Option {
  return new Option('--shards <n>', 'parts that --queue shares out (default: by the number of samples)').argParser(
    (text) => {
      const count = positiveInteger(text);
      if (count > MOST_SHARDS) throw new InvalidArgumentError(`Expected at most ${MOST_SHARDS}.`);
      return count;
    },
  );
}

/** `--shared <dir>`. */
export function sharedOption(): Option {
  return new Option(
    '--shared <dir>',
    'folder that every machine of --queue sees (default: queue/ in the report directory)',
  );
}

/** A run that workers score, as `eval` sees it. */
export interface Queued {
  readonly rowsOf: RowSource;
  readonly options: Pick<EvaluateOptions, 'resume'>;
  /** The report is there. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Throws UsageError for an option of `--queue` without it. */
export function refuseWithoutQueue({queue, shards, shared}: QueueFlags): void {
  if (queue !== undefined) return;
  const given = shards !== undefined ? '--shards' : shared !== undefined ? '--shared' : null;
  if (given !== null)
    throw new UsageError('CVL-A006', `${given} is for runs that --queue shares out: give --queue, or leave it out`);
}

/** Reaches the queue. Throws UsageError where that cannot be, and for a run that cannot be shared out. */
export async function openQueued(flags: QueueFlags, config: Config, watching: Watching): Promise<Queued> {
  const {queueAddress} = await import('../queue/address.js');
  const address = queueAddress(flags.queue, process.env);
  const shared = await sharedFolder(flags, config);
  const {signal, resume, cache, onNotice} = watching;
  if (address.isExposed) onNotice(EXPOSED);
  const {QueuedRun} = await import('../queue/coordinator/queued-run.js');
  const queued = await QueuedRun.open(address, onNotice);
  let shown = 0;
  const onProgress = (rows: number) => {
    for (; shown < rows; shown++) watching.step();
  };
  const options = {
    shards: flags.shards ?? null,
    shared,
    isOwn: flags.shared === undefined,
    cwd: resolve('.'),
    cache,
    resume,
    signal,
    onNotice,
    onProgress,
  };
  return {
    rowsOf: (begun) => queued.rows(begun, options),
    // Rows are kept by the shards.
    options: {resume: 'never'},
    finish: () => queued.finish(),
    close: () => queued.close(),
  };
}

/** Said where a password stands in an argument. */
export const EXPOSED = notice(
  'CVL-W001',
  'a password in --queue can be seen by everybody on this machine; put the address into CV_LOSS_QUEUE, or the password into CV_LOSS_QUEUE_PASSWORD',
);

async function sharedFolder({shared}: QueueFlags, {report, task, generators}: Config): Promise<string> {
  // Loaded here, as a schema is behind it that the help has no need of.
  const {isSetTask} = await import('../config/task-problems.js');
  if (isSetTask(task))
    throw new UsageError('CVL-Q008', `--queue is for tasks of images: a row of task ${task} needs the whole set`);
  if (generators?.save)
    throw new UsageError('CVL-Q008', '--queue: workers keep no images of generators; leave out generators.save');
  if (shared !== undefined) return resolve(shared);
  if (report.dir === null)
    throw new UsageError('CVL-A006', '--queue needs a folder that all machines see: give --report or --shared');
  return join(report.dir, 'queue');
}
