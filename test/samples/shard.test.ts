import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checkShard, inShard, parseShard} from '../../src/samples/shard.js';
import {tableHash} from '../../src/samples/table-hash.js';

/** The shard of a key, of `count`: the one that says it has it. */
function shardsOf(key: string, count: number): number[] {
  return Array.from({length: count}, (_, i) => i + 1).filter((index) => inShard(key, {index, count}));
}

test('every key is in one shard, whatever other keys there are', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), fc.integer({min: 1, max: 40}), (key, count) => {
      expect(shardsOf(key, count)).toHaveLength(1);
    }),
  );
});

test('the split is that of the documented hash: the first 48 bits of the SHA-256 of the key, modulo the count', () => {
  for (const [i, key] of ['a', 'photos/0001', 'Zürich/雨 "q"\n', ''].entries()) {
    const hex = createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 12);
    const count = [2, 3, 16, 100_000][i] as number;
    expect(inShard(key, {index: Number(BigInt(`0x${hex}`) % BigInt(count)) + 1, count})).toBe(true);
  }
  // `printf a | sha256sum` begins with ca978112ca1b, which is 222752054364699.
  expect(shardsOf('a', 97)).toEqual([(222_752_054_364_699 % 97) + 1]);
});

test('shards are of about the same size', () => {
  const sizes = new Map<number, number>();
  for (let i = 0; i < 7000; i++) {
    const [index = 0] = shardsOf(`images/${i}`, 7);
    sizes.set(index, (sizes.get(index) ?? 0) + 1);
  }
  // Five standard deviations of a fair split.
  for (const size of sizes.values()) expect(Math.abs(size - 1000)).toBeLessThan(5 * Math.sqrt(7000 / 7));
});

test.each(['1/1', '3/16', '100000/100000'])('the flag %s', (text) => {
  const {index, count} = parseShard(text);
  expect(`${index}/${count}`).toBe(text);
});

test.each(['0/3', '4/3', 'x', '1', '1/', '/3', '-1/3', '1.5/3', '1/3 ', '1/0', '1/100001', '１/３'])(
  'the flag %j is refused',
  (text) => {
    expect(() => parseShard(text)).toThrow(`--shard ${text}: expected I/N, from 1/N to N/N, such as 3/16`);
  },
);

test.each([
  [0, 3],
  [4, 3],
  [1.5, 3],
  [1, Number.POSITIVE_INFINITY],
  [Number.NaN, 3],
])('a program cannot ask for shard %d of %d', (index, count) => {
  expect(() => checkShard({index, count})).toThrow(/^shard: expected whole numbers, index from 1 to count, got /);
});

describe('the hash of a table', () => {
  const samples = [
    {key: 'a', files: {}},
    {key: 'b', files: {}, group: 'g'},
  ];
  const hash = tableHash({samples, missing: []});

  test('is of keys, groups and what was left out, not of where files lie', () => {
    const moved = samples.map((sample) => ({...sample, files: {pred: '/elsewhere'}}));
    expect(tableHash({samples: moved, missing: []})).toBe(hash);
  });

  test.each([
    ['a key more', {samples: [...samples, {key: 'c', files: {}}], missing: []}],
    ['another group', {samples: samples.map((sample) => ({...sample, group: 'h'})), missing: []}],
    ['no group', {samples: samples.map(({key, files}) => ({key, files})), missing: []}],
    ['a key that was left out', {samples, missing: [{key: 'c', roles: ['pred']}]}],
    ['keys that join to the same text', {samples: [{key: 'a"]\n["b', files: {}}], missing: []}],
  ])('%s changes it', (_, table) => {
    expect(tableHash(table)).not.toBe(hash);
  });
});
