import fs from 'node:fs/promises';
import {join} from 'node:path';
import {readShard} from '../../journal/read-shard.js';
import {SHARD_FILE, type ShardHeader} from '../../journal/shard-header.js';
import {shardFormat} from '../../report/shard.js';
import type {Row} from '../../rows/row.js';
import type {RowKeeper} from '../../run/rows.js';
import {openAtomicFile} from '../../storage/atomic-file.js';
import {storageError} from '../../storage/storage-error.js';
import type {ScoreRequest, ShardCounts} from './messages.js';
import type {WorkerRun} from './open-run.js';

/** In the reason of a row: a file that another machine may be able to read. */
const UNREADABLE = /(?:^|; )unreadable-file: /;

/**
 * Scores a shard into the folder of its attempt. Stopped by the run's signal, it keeps the rows so far there and throws the
 * signal's reason; throws RunError when they cannot be written.
 */
export async function scoreShard(
  {run, header, places}: WorkerRun,
  {index, attempt, earlier}: Omit<ScoreRequest, 'ask'>,
  onProgress: (rows: number, of: number) => void,
): Promise<ShardCounts> {
  const ofShard = places[index - 1] ?? new Uint32Array();
  const known = earlier === null ? new Map<string, Row>() : await rowsOf(earlier);
  const rows: Row[] = [];
  const keeper: RowKeeper = {
    row: ({key}) => known.get(key) ?? null,
    append: async () => undefined,
  };
  try {
    for await (const row of run.rows(keeper, ofShard)) {
      rows.push(row);
      onProgress(rows.length, ofShard.length);
    }
  } finally {
    await writeRows(attempt, {...header, index}, rows);
  }
  return countsOf(rows);
}

/** The rows that an earlier attempt left, but for those whose files could not be read. One that is gone left none. */
async function rowsOf(folder: string): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  try {
    const shard = await readShard(folder, folder);
    for await (const row of shard.rows()) if (!UNREADABLE.test(row.reason)) rows.set(row.key, row);
    return rows;
  } catch {
    return new Map();
  }
}

/** A folder of its own for the attempt, in one that must be there: a run that is over is not made anew. */
async function writeRows(folder: string, header: ShardHeader, rows: readonly Row[]): Promise<void> {
  try {
    await fs.mkdir(folder);
  } catch (error) {
    throw storageError(error, folder);
  }
  const file = await openAtomicFile(join(folder, SHARD_FILE));
  try {
    const writer = await shardFormat(header).open(file, header.columns);
    for (const row of rows) await writer.row(row);
    await (writer.end as () => Promise<void>)();
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

function countsOf(rows: readonly Row[]): ShardCounts {
  const counts = {ok: 0, undefined: 0, failed: 0};
  for (const {status} of rows) counts[status]++;
  const unreadable = rows.filter(({reason}) => UNREADABLE.test(reason));
  return {
    ...counts,
    unreadable: unreadable.length,
    first: unreadable[0] ? `${unreadable[0].key}: ${unreadable[0].reason}` : '',
  };
}
