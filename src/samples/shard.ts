import {createHash} from 'node:crypto';
import {UsageError} from '../errors.js';

/** One part of a dataset, from 1 to `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

const MOST_SHARDS = 100_000;

/** A shard as a flag writes it, `3/16`. Throws UsageError. */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count && count <= MOST_SHARDS) return {index, count};
  throw new UsageError(`--shard ${text}: expected I/N, from 1/N to N/N, such as 3/16`);
}

/**
 * Whether a sample belongs to a shard: its key's hash decides, so that a file more or less moves no other sample to
 * another shard.
 */
export function inShard(key: string, {index, count}: Shard): boolean {
  const hash = createHash('sha256').update(key).digest();
  return hash.readUIntBE(0, 6) % count === index - 1;
}
