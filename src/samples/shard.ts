import {createHash} from 'node:crypto';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';

/** One part of a dataset, from 1 to `count`. */
export interface Shard {
  /** Which of the shards, from 1. */
  readonly index: number;
  /** How many shards there are. */
  readonly count: number;
}

const MOST_SHARDS = 100_000;

/** A shard as a flag writes it, `3/16`. Throws UsageError. */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (isShard({index, count})) return {index, count};
  throw new UsageError('CVL-A008', `--shard ${printable(text)}: expected I/N, from 1/N to N/N, such as 3/16`);
}

/** Throws UsageError for a shard that there is not. */
export function checkShard(shard: Shard): void {
  if (isShard(shard)) return;
  throw new UsageError(
    'CVL-A008',
    `shard: expected whole numbers, index from 1 to count, got ${shard.index} of ${shard.count}`,
  );
}

function isShard({index, count}: Shard): boolean {
  return Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count && count <= MOST_SHARDS;
}

/**
 * Whether a sample belongs to a shard: its key's hash decides, so that a file more or less moves no other sample to
 * another shard.
 */
export function inShard(key: string, {index, count}: Shard): boolean {
  return shardOf(key, count) === index;
}

/** The shard of `count` that a key belongs to, from 1. */
export function shardOf(key: string, count: number): number {
  return (createHash('sha256').update(key).digest().readUIntBE(0, 6) % count) + 1;
}
