import {relativePath} from './config/relative.js';
import {UsageError} from './errors.js';
import {readShard} from './journal/read-shard.js';
import type {ShardHeader} from './journal/shard-header.js';
import {printable} from './printable.js';
import {runIdentity} from './run/journal/identity.js';
import type {Run} from './run/start.js';
import type {Shard} from './samples/shard.js';
import {version} from './version.js';

/** A shard of a dataset: which one, and of how many samples, known by their keys. */
export interface ShardOfDataset extends Shard {
  readonly samples: number;
  /** SHA-256 over the keys. */
  readonly dataset: string;
}

/** What a shard says of the whole run beside its losses. */
export interface ShardParts {
  readonly run: Run;
  readonly shard: ShardOfDataset;
  readonly task: string;
  /** As report.json records it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the user gave, by role, as report.json records it. */
  readonly roots: Readonly<Record<string, string>>;
  readonly missing: number;
  readonly formats: readonly string[];
}

/** Throws UsageError where a directory holds another of as many shards, which this one would replace. */
export async function refuseOtherShard(dir: string, {index, count}: Shard, cwd: string | undefined): Promise<void> {
  const name = printable(relativePath(cwd, dir));
  // One that cannot be read is none.
  const header = await readShard(dir, name).then(
    (shard) => shard.header,
    () => null,
  );
  if (header === null || header.count !== count || header.index === index) return;
  throw new UsageError(
    'CVL-R010',
    `${name} holds shard ${header.index}/${count}; give each shard a --report of its own`,
  );
}

/** The first line of a shard's file: all that merging needs of the run, as plain JSON. */
export function shardHeader({run, shard, config, ...rest}: ShardParts): ShardHeader {
  const {name, gpu, versions} = run.device;
  const header = {
    ...shard,
    ...rest,
    config,
    identity: runIdentity({...run, savedImages: null, version, config}),
    device: {name, gpu, versions},
    networks: run.networks,
    sources: run.sources,
    prepared: run.prepared,
    columns: run.columns.map((column) => ({name: column.name, better: column.better})),
    losses: run.losses.map(({id, descriptor, better, weight, options, instance}) => ({
      id,
      type: descriptor.id,
      better,
      ...(weight === undefined ? {} : {weight}),
      options,
      columns: instance.columns.map(({part, better: ofPart}) => ({part, better: ofPart})),
    })),
  };
  return JSON.parse(JSON.stringify(header)) as ShardHeader;
}
