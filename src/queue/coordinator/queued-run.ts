import fs from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Queue} from 'bullmq';
import type {BegunRun} from '../../begin-run.js';
import {RunError, UsageError} from '../../errors.js';
import {readShard} from '../../journal/read-shard.js';
import {printable} from '../../printable.js';
import type {Row} from '../../rows/row.js';
import {differences} from '../../run/journal/identity.js';
import type {ResumeMode} from '../../run/journal/run-journal.js';
import {mergedRows} from '../../run/merge/merged-rows.js';
import type {Run} from '../../run/start.js';
import type {SampleTable} from '../../samples/sample.js';
import {tableHash} from '../../samples/table-hash.js';
import {type MadeFolder, makeFolder} from '../../storage/make-folder.js';
import {unusablePlace} from '../../storage/storage-error.js';
import type {QueueAddress} from '../address.js';
import {openConnection, type QueueConnection} from '../connection.js';
import {QUEUE_NAME} from '../job.js';
import {placesOf, runId, shardCount} from '../plan.js';
import {type RunFolder, runFolder} from '../run-folder.js';
import {type RunRecord, runRecord, writeRecord} from '../run-record.js';
import {writeTable} from '../sample-table.js';
import {endJobs, removeJobs, type ShardList, waitForShards} from './wait.js';

/** How a run is split and watched. */
export interface QueuedOptions {
  /** Null: by the number of samples. */
  readonly shards: number | null;
  /** The folder that every machine of the run sees, absolute. */
  readonly shared: string;
  /** Whether that folder is the run's alone, and goes when it is empty. */
  readonly isOwn: boolean;
  readonly cwd: string;
  readonly cache: boolean;
  readonly resume: ResumeMode;
  readonly signal: AbortSignal;
  readonly onNotice: (line: string) => void;
  /** Called with the rows that are done, of all shards. */
  readonly onProgress: (rows: number) => void;
}

const ENDING_MS = 10_000;

/** A run whose rows are made by the workers of a queue. */
export class QueuedRun {
  #made: MadeFolder | null = null;
  #own: string | null = null;
  #folder: RunFolder | null = null;
  #shards: ShardList | null = null;

  private constructor(
    private readonly address: QueueAddress,
    private readonly connection: QueueConnection,
    private readonly queue: Queue,
  ) {}

  /** Reaches the queue. Throws UsageError where it cannot. */
  static async open(address: QueueAddress, onNotice: (line: string) => void): Promise<QueuedRun> {
    const connection = await openConnection(address, onNotice);
    const {Queue: QueueOf} = await import('bullmq');
    const queue: Queue = new QueueOf(QUEUE_NAME, {connection: connection.client});
    queue.on('error', () => undefined);
    return new QueuedRun(address, connection, queue);
  }

  /**
   * Plans the run, puts its shards into the queue and waits for them; then gives the rows in key order, each exactly once.
   * What an interrupted run left is gone on with. Throws UsageError where the run cannot be shared out, RunError where shards
   * failed for good or the queue is lost, and the signal's reason when aborted: the shards stay in the queue then.
   */
  async *rows(begun: BegunRun, options: QueuedOptions): AsyncGenerator<Row> {
    const {run, table} = begun;
    if (!isOfSamples(run) || !table)
      throw new UsageError('CVL-Q008', '--queue is for tasks of images: a row of this task needs the whole set');
    const {folder, record, shards} = await this.#plan({...begun, run, table}, options);
    this.#folder = folder;
    this.#shards = shards;
    await waitForShards({
      ...options,
      folder,
      shards,
      queue: this.queue,
      shown: this.address.shown,
      lost: this.connection.lost,
    });
    let at = 0;
    for await (const row of mergedRows(await sources(folder, record))) {
      if (row.key !== run.samples.at(at)?.key) throw damaged(folder);
      at++;
      yield row;
    }
    if (at !== run.samples.length) throw damaged(folder);
  }

  /** The report is there: what the workers left is taken away. Never throws. */
  async finish(): Promise<void> {
    if (this.#shards) {
      const ended = endJobs(this.queue, this.#shards).catch(() => undefined);
      // The report does not wait for a queue that is out of reach.
      await Promise.race([ended, sleep(ENDING_MS, undefined, {ref: false})]);
    }
    if (this.#folder) await fs.rm(this.#folder.path, {recursive: true, force: true}).catch(() => undefined);
    // Where other runs are kept too, it stays.
    if (this.#own !== null) await fs.rmdir(this.#own).catch(() => undefined);
    await this.#made?.unmake();
  }

  async close(): Promise<void> {
    await this.queue.close().catch(() => undefined);
    this.connection.close();
  }

  /** The run's folder, as an interrupted run left it or made now. */
  async #plan(
    begun: BegunRun & {readonly run: Run; readonly table: SampleTable},
    {shards: asked, shared, isOwn, cwd, cache, resume, onNotice}: QueuedOptions,
  ): Promise<{folder: RunFolder; record: RunRecord; shards: ShardList}> {
    const {run} = begun;
    const count = asked ?? shardCount(run.samples.length);
    this.#made = await makeFolder(shared).catch((error: unknown) => {
      throw unusablePlace(error);
    });
    if (isOwn) this.#own = shared;
    const table = await writeTable(shared, run.samples);
    const dataset = tableHash(begun.table);
    const parts = {begun, table: table.sha256, shards: count, dataset, shared: begun.table.shared, cwd, cache};
    const record = runRecord(parts);
    const run16 = runId({identity: record.header.identity, table: table.sha256, shards: count, shared});
    const folder = runFolder(join(shared, run16));
    const places = placesOf(run.samples, count);
    const shards: ShardList = {run: run16, sizes: places.map(({length}) => length)};
    if (resume === 'never') {
      await removeJobs(this.queue, shards);
      await fs.rm(folder.path, {recursive: true, force: true});
    }
    const isOld = await fs.access(folder.record).then(
      () => true,
      () => false,
    );
    if (!isOld && resume === 'require') {
      await fs.rm(table.path, {force: true});
      throw new UsageError(
        'CVL-R014',
        `--resume require: no interrupted run of this command is in ${printable(shared)}`,
      );
    }
    if (isOld) {
      await fs.rm(table.path, {force: true});
      onNotice('going on with an interrupted run');
    } else {
      for (const path of [folder.path, folder.attempts, folder.shards]) await fs.mkdir(path, {recursive: true});
      await fs.rename(table.path, folder.table);
      await writeRecord(folder.record, record);
    }
    return {folder, record, shards};
  }
}

/** The rows of every shard. Throws UsageError for one that is not of the run. */
async function sources(folder: RunFolder, {header}: RunRecord): Promise<AsyncGenerator<Row>[]> {
  const rows: AsyncGenerator<Row>[] = [];
  for (let index = 1; index <= header.count; index++) {
    const path = resolve(folder.shard(index));
    const shard = await readShard(path, path);
    const isOurs = shard.header.index === index && differences(shard.header.identity, header.identity).length === 0;
    if (!isOurs) throw damaged(folder);
    rows.push(shard.rows());
  }
  return rows;
}

function damaged({path}: RunFolder): RunError {
  return new RunError(
    'shards-damaged',
    `the shards in ${printable(path)} are not those of the run; remove it and run again`,
  );
}

function isOfSamples(run: BegunRun['run']): run is Run {
  return 'samples' in run;
}
