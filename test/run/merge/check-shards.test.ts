import {expect, test} from 'vitest';
import type {StoredShard} from '../../../src/journal/read-shard.js';
import type {ShardHeader} from '../../../src/journal/shard-header.js';
import {checkShards} from '../../../src/run/merge/check-shards.js';
import {header} from '../../journal/shards.js';

function shard(index: number, extra: Partial<ShardHeader> = {}, name = `s${index}`): StoredShard {
  return {name, dir: `/${name}`, header: header({index, count: 3, ...extra}), async *rows() {}};
}

/** What checking says, by line. */
function problems(...shards: StoredShard[]): string[] {
  try {
    checkShards(shards, '1.0.0');
    return [];
  } catch (error) {
    expect(error).toMatchObject({name: 'UsageError'});
    return (error as Error).message.split('\n');
  }
}

const other = (change: object) => ({identity: {...header().identity, ...change}});

test.each<[string, StoredShard[], string[]]>([
  ['all shards', [shard(1), shard(2), shard(3)], []],
  ['in any order', [shard(3), shard(1), shard(2)], []],
  ['none', [], ['there is no shard to merge']],
  ['one that is missing', [shard(1), shard(3)], ['missing shard: 2/3']],
  ['two that are missing', [shard(3)], ['missing shards: 1/3, 2/3']],
  ['one twice', [shard(1), shard(2), shard(3), shard(2, {}, 'again')], ['shard 2/3 is there twice: s2 and again']],
  ['another split', [shard(1), shard(2, {count: 4})], ['s2 is shard 2/4, s1 is shard 1/3']],
  [
    'another config, told once where rows depend on it',
    [shard(1), shard(2, {...other({'config.losses': ['mae']}), config: {losses: ['mae'], inputs: {pred: 'out'}}})],
    ['s2 and s1 are not of one run: they differ in config.losses'],
  ],
  [
    'other inputs',
    [shard(1), shard(2, {config: {losses: ['mse'], inputs: {pred: 'elsewhere'}}})],
    ['s2 and s1 are not of one run: they differ in config.inputs'],
  ],
  [
    'another device and another first pass',
    [shard(1), shard(2, other({device: {name: 'tensorflow'}, 'first pass': {}}))],
    ['s2 and s1 are not of one run: they differ in device, first pass'],
  ],
  [
    'other samples',
    [shard(1), shard(2, {dataset: 'e', samples: 5}), shard(3, {dataset: 'f'})],
    [
      's2 and s1 saw different samples (5 and 4); run them on the same files',
      's3 and s1 saw different samples (4 and 4); run them on the same files',
    ],
  ],
  [
    'another version of cv-loss, all of them',
    [1, 2, 3].map((index) => shard(index, other({version: '0.9.0'}))),
    [1, 2, 3].map((index) => `s${index} is of cv-loss 0.9.0, this is 1.0.0; merge with the same`),
  ],
  [
    'another version, one of them',
    [shard(1), shard(2), shard(3, other({version: '2'}))],
    ['s3 is of cv-loss 2, this is 1.0.0; merge with the same'],
  ],
  [
    'one twice and one missing',
    [shard(1), shard(1, {}, 'again'), shard(3)],
    ['shard 1/3 is there twice: s1 and again', 'missing shard: 2/3'],
  ],
])('%s', (_, shards, expected) => {
  expect(problems(...shards)).toEqual(expected);
});

test('of many that are missing twenty are named', () => {
  const [line = ''] = problems(shard(1, {count: 100}));
  expect(line).toMatch(/^missing shards: 2\/100, 3\/100, .*, 21\/100 and 79 more$/);
});
