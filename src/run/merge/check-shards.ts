import {UsageError} from '../../errors.js';
import type {StoredShard} from '../../journal/read-shard.js';
import type {ShardHeader} from '../../journal/shard-header.js';
import {differences} from '../journal/identity.js';

/** Shards named in a message at most. */
const NAMED = 20;

/**
 * Throws UsageError, a line for each mistake, unless the shards are the parts of one run by this `version` of cv-loss: all
 * of them, each once, of the same dataset, config, versions and kind of device.
 */
export function checkShards(shards: readonly StoredShard[], version: string): void {
  const [first, ...others] = shards;
  if (!first) throw new UsageError('CVL-R010', 'there is no shard to merge');
  const problems = otherVersions(shards, version);
  if (problems.length === 0) problems.push(...others.flatMap((shard) => differing(first, shard)));
  if (problems.length === 0) problems.push(...twice(shards), ...missing(first.header.count, shards));
  if (problems.length > 0) throw new UsageError('CVL-R010', problems.join('\n'));
}

function otherVersions(shards: readonly StoredShard[], version: string): string[] {
  return shards
    .filter(({header}) => header.identity.version !== version)
    .map(
      ({name, header}) => `${name} is of cv-loss ${header.identity.version}, this is ${version}; merge with the same`,
    );
}

function differing(first: StoredShard, shard: StoredShard): string[] {
  const {header: a, name: ofA} = first;
  const {header: b, name} = shard;
  if (a.count !== b.count) return [`${name} is shard ${b.index}/${b.count}, ${ofA} is shard ${a.index}/${a.count}`];
  const inConfig = differences(a.config, b.config).map((key) => `config.${key}`);
  const decided = differences(a.identity, b.identity).filter((key) => !inConfig.includes(key));
  const all = [...decided, ...inConfig];
  if (all.length > 0) return [`${name} and ${ofA} are not of one run: they differ in ${all.join(', ')}`];
  if (a.dataset === b.dataset) return [];
  return [`${name} and ${ofA} saw different samples (${b.samples} and ${a.samples}); run them on the same files`];
}

function twice(shards: readonly StoredShard[]): string[] {
  const names = new Map<number, string>();
  const problems: string[] = [];
  for (const {name, header} of shards) {
    const known = names.get(header.index);
    if (known !== undefined) problems.push(`shard ${shardName(header)} is there twice: ${known} and ${name}`);
    names.set(header.index, name);
  }
  return problems;
}

function missing(count: number, shards: readonly StoredShard[]): string[] {
  const there = new Set(shards.map(({header}) => header.index));
  const lacking = Array.from({length: count}, (_, i) => i + 1).filter((index) => !there.has(index));
  if (lacking.length === 0) return [];
  const named = lacking.slice(0, NAMED).map((index) => `${index}/${count}`);
  const more = lacking.length > NAMED ? ` and ${lacking.length - NAMED} more` : '';
  return [`missing ${lacking.length === 1 ? 'shard' : 'shards'}: ${named.join(', ')}${more}`];
}

function shardName({index, count}: Pick<ShardHeader, 'index' | 'count'>): string {
  return `${index}/${count}`;
}
