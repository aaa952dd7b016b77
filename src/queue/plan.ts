import {createHash} from 'node:crypto';
import type {RunIdentity} from '../run/journal/identity.js';
import type {Sample} from '../samples/sample.js';
import {shardOf} from '../samples/shard.js';

/** Long enough that handing shards around is no cost, short enough that one that is lost is none. */
const SAMPLES_A_SHARD = 500;
const FEWEST_SHARDS = 16;
const MOST_SHARDS = 1_000;

/** Into how many shards a dataset is split where nobody says it. */
export function shardCount(samples: number): number {
  const least = Math.max(1, Math.min(FEWEST_SHARDS, samples));
  return Math.min(MOST_SHARDS, Math.max(least, Math.ceil(samples / SAMPLES_A_SHARD)));
}

/** The places of each shard's samples in the table, in order; shard 1 first. */
export function placesOf(samples: Iterable<Pick<Sample, 'key'>>, count: number): Uint32Array[] {
  const shards = Uint32Array.from(samples, ({key}) => shardOf(key, count) - 1);
  const sizes = new Uint32Array(count);
  for (const shard of shards) sizes[shard] = (sizes[shard] ?? 0) + 1;
  const places = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(count);
  shards.forEach((shard, at) => {
    const next = filled[shard] as number;
    (places[shard] as Uint32Array)[next] = at;
    filled[shard] = next + 1;
  });
  return places;
}

/** What makes two commands the same run. */
export interface RunParts {
  readonly identity: RunIdentity;
  /** SHA-256 of the sample table with the states of its files. */
  readonly table: string;
  readonly shards: number;
  /** The folder that the run's machines share. */
  readonly shared: string;
}

/** The id of a run: the same command over the same files continues it, any other is another run. */
export function runId({identity, table, shards, shared}: RunParts): string {
  const text = JSON.stringify([identity, table, shards, shared]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
