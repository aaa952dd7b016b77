import fs from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../errors.js';
import type {Row} from '../rows/row.js';
import {parseJournalLine} from './line.js';
import {fromStored} from './row-entry.js';
import {wholeLines} from './scan.js';
import {readShardHeader, SHARD_FILE, type ShardHeader} from './shard-header.js';

/** All shards are read at once, each with a block in memory. */
const BLOCK_BYTES = 1 << 16;

/** A shard's file, opened: its header is known, its rows are read when they are asked for. */
export interface StoredShard {
  /** Its directory, as messages name it. */
  readonly name: string;
  /** The same, absolute. */
  readonly dir: string;
  readonly header: ShardHeader;
  /** The rows in key order. Throws UsageError where the file is damaged. */
  rows(): AsyncGenerator<Row>;
}

/** Opens the shard in a directory (absolute), which messages call `name`. Throws UsageError where there is none, or none that this version reads. */
export async function readShard(dir: string, name: string): Promise<StoredShard> {
  const path = join(dir, SHARD_FILE);
  const first = lines(path, name);
  const {value} = await first.next();
  await first.return(undefined);
  const header = readShardHeader(value?.content ?? null);
  if (header === null) {
    throw new UsageError(
      'CVL-R009',
      `${name}/${SHARD_FILE} is no shard that this version of cv-loss reads; run the shard again`,
    );
  }
  return {name, dir, header, rows: () => rowsOf(path, name, header)};
}

async function* rowsOf(path: string, name: string, header: ShardHeader): AsyncGenerator<Row> {
  const columns = header.columns.map((column) => column.name);
  let count = 0;
  let end: number | null = null;
  let before: string | null = null;
  for await (const {content, line} of lines(path, name)) {
    if (line === 1) continue;
    if (end !== null) throw damaged(name, line);
    const entry = fromStored(content, columns);
    if (entry === null) {
      end = countOf(content);
      if (end !== count) throw damaged(name, line);
      continue;
    }
    if (before !== null && entry.row.key <= before) throw damaged(name, line);
    before = entry.row.key;
    count++;
    yield entry.row;
  }
  if (end === null) throw damaged(name, count + 2);
}

function countOf(content: unknown): number | null {
  const rows = typeof content === 'object' && content !== null && 'rows' in content ? content.rows : null;
  return typeof rows === 'number' ? rows : null;
}

function damaged(name: string, line: number): UsageError {
  return new UsageError('CVL-R009', `${name}/${SHARD_FILE}:${line}: the shard is damaged, run it again`);
}

/** The content of every line; null where its checksum is wrong. */
async function* lines(path: string, name: string): AsyncGenerator<{content: unknown; line: number}> {
  const file = await fs.open(path).catch((error: unknown) => {
    throw notOpened(error, name);
  });
  try {
    let line = 0;
    for await (const block of wholeLines(file, BLOCK_BYTES)) {
      for (const {bytes} of block) yield {content: parseJournalLine(bytes), line: ++line};
    }
  } finally {
    await file.close();
  }
}

function notOpened(error: unknown, name: string): UsageError {
  const {code = 'unknown error'} = error as NodeJS.ErrnoException;
  const isThere = code !== 'ENOENT' && code !== 'ENOTDIR';
  const text = isThere
    ? `${name}/${SHARD_FILE} cannot be read (${code})`
    : `${name} holds no finished shard (${SHARD_FILE}); run it with eval --shard`;
  return new UsageError('CVL-R008', text, {cause: error});
}
