import {join} from 'node:path';

/** Where a queued run keeps what its machines share. */
export interface RunFolder {
  readonly path: string;
  /** The run's record: config, identity, settings. */
  readonly record: string;
  /** The sample table, a line a sample. */
  readonly table: string;
  /** A folder for each attempt at a shard, which nobody else writes. */
  attempt(name: string): string;
  /** The folder of a finished shard: it appears whole, and never changes. */
  shard(index: number): string;
  readonly attempts: string;
  readonly shards: string;
}

/** The files of a run in its folder. */
export function runFolder(path: string): RunFolder {
  const attempts = join(path, 'attempts');
  const shards = join(path, 'shards');
  return {
    path,
    record: join(path, 'run.json'),
    table: join(path, 'samples.jsonl'),
    attempts,
    shards,
    attempt: (name) => join(attempts, name),
    shard: (index) => join(shards, String(index)),
  };
}
