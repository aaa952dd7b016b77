import {createHash} from 'node:crypto';
import {chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {clearCache} from '../../src/storage/cache-files.js';
import {ContentCache, type ContentCacheOptions} from '../../src/storage/content-cache.js';
import {asOrdinaryUser} from '../ordinary-user.js';
import {scratchFolder} from './scratch.js';
import {mountTinyDisk} from './tiny-disk.js';

const keyOf = (name: string | number): string => createHash('sha256').update(String(name)).digest('hex');
const contentOf = (name: string | number, bytes: number): Uint8Array =>
  Uint8Array.from({length: bytes}, (_, i) => (i * 31 + String(name).length + Number(name)) % 256);

function open(folder: string, options: Partial<ContentCacheOptions> = {}): ContentCache {
  return new ContentCache({folder, maxBytes: 2 ** 20, ...options});
}

/** The files of a cache, all of them, without their folder. */
function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const bytesOf = (folder: string) => filesOf(folder).reduce((sum, file) => sum + statSync(file).size, 0);

const pathOf = (folder: string, name: string | number) => {
  const key = keyOf(name);
  return join(folder, key.slice(0, 2), key.slice(2));
};

/** Writes values in a run of their own, last used so many seconds ago. */
async function write(folder: string, names: readonly number[], bytes: number, secondsAgo = 0): Promise<void> {
  const cache = open(folder, {maxBytes: 2 ** 30});
  for (const name of names) await cache.put(keyOf(name), contentOf(name, bytes));
  await cache.close();
  const then = new Date(Date.now() - secondsAgo * 1000);
  for (const name of names) utimesSync(pathOf(folder, name), then, then);
}

async function found(folder: string, names: readonly number[]): Promise<number[]> {
  const cache = open(folder);
  const values = await Promise.all(names.map((name) => cache.get(keyOf(name))));
  return names.filter((_, i) => values[i] !== null);
}

test('what was put in one run is found in the next, whatever its length, aligned for numbers', async () => {
  const folder = join(scratchFolder(), 'features');
  const lengths = [0, 1, 8, 63, 64, 4096, 100_001];
  const first = open(folder);
  for (const length of lengths) {
    expect(await first.get(keyOf(length))).toBeNull();
    const value = contentOf(length, length);
    await first.put(keyOf(length), value);
    // It is the cache's own copy.
    value.fill(0);
  }
  await first.close();
  const second = open(folder);
  for (const length of lengths) {
    const value = (await second.get(keyOf(length))) as Uint8Array;
    expect(Buffer.from(contentOf(length, length)).equals(value)).toBe(true);
    expect(value.byteOffset % 8).toBe(0);
  }
  await second.close();
  expect(filesOf(folder)).toHaveLength(lengths.length);
});

test('a thing that is looked up again soon counts once, as a miss where any of it was', () => {
  const cache = open(scratchFolder());
  const counted = (lookups: readonly (readonly [string, boolean])[]) => {
    for (const [thing, isHit] of lookups) cache.count(thing, isHit);
    return cache.lookups;
  };
  expect(counted([])).toEqual({hits: 0, misses: 0});
  expect(
    counted([
      ['a', true],
      ['b', false],
      ['a', true],
      ['b', true],
    ]),
  ).toEqual({hits: 1, misses: 1});
  expect(counted([['a', false]])).toEqual({hits: 0, misses: 2});
  for (let i = 0; i < 100; i++)
    counted([
      [String(i), true],
      ['style', true],
    ]);
  expect(cache.lookups).toEqual({hits: 101, misses: 2});
});

test('clearing removes every entry and the folder, and what is somebody else stays', async () => {
  const folder = join(scratchFolder(), 'features');
  await write(folder, [1, 2, 3], 100);
  await clearCache(folder);
  expect(existsSync(folder)).toBe(false);
  await clearCache(folder);
  await write(folder, [1], 100);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  await clearCache(folder);
  expect(filesOf(folder)).toEqual([join(folder, 'notes.txt')]);
});

describe('damage is a miss, and the file is removed', () => {
  const bytes = 256;
  const flip = (at: number) => (file: Buffer) => {
    file[at] = (file[at] as number) ^ 1;
    return file;
  };
  test.each<readonly [string, (file: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut in its header', (file) => file.subarray(0, 40)],
    ['cut in its value', (file) => file.subarray(0, file.length - 1)],
    ['a byte too long', (file) => Buffer.concat([file, Buffer.of(0)])],
    ['its name for another', flip(3)],
    ['its key flipped', flip(20)],
    ['its length flipped', flip(48)],
    ['its checksum flipped', flip(57)],
    ['the first byte of its value flipped', flip(64)],
    ['the last byte of its value flipped', flip(64 + bytes - 1)],
  ])('%s', async (_, damage) => {
    const folder = scratchFolder();
    await write(folder, [1, 2], bytes);
    writeFileSync(pathOf(folder, 1), damage(readFileSync(pathOf(folder, 1))));
    const cache = open(folder);
    expect(await cache.get(keyOf(1))).toBeNull();
    expect(existsSync(pathOf(folder, 1))).toBe(false);
    expect(await cache.get(keyOf(2))).toHaveLength(bytes);
    // It is put again and found again.
    await cache.put(keyOf(1), contentOf(1, bytes));
    await cache.close();
    expect(await found(folder, [1, 2])).toEqual([1, 2]);
  });

  test("another entry's file under its name", async () => {
    const folder = scratchFolder();
    await write(folder, [1, 2], bytes);
    writeFileSync(pathOf(folder, 1), readFileSync(pathOf(folder, 2)));
    expect(await found(folder, [1, 2])).toEqual([2]);
  });
});

describe('room', () => {
  const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8];
  /** Ten files of this size, header included, fill the bound. */
  const bytes = 4096 * 25 - 64;
  const maxBytes = 10 * 4096 * 25;

  test('what was used longest ago goes first, and using counts', async () => {
    const folder = scratchFolder();
    for (const name of EIGHT) await write(folder, [name], bytes, 1000 - name);
    const reader = open(folder);
    expect(await reader.get(keyOf(1))).not.toBeNull();
    const cache = open(folder, {maxBytes});
    for (const name of [11, 12, 13, 14]) await cache.put(keyOf(name), contentOf(name, bytes));
    await cache.close();
    const all = await found(folder, [...EIGHT, 11, 12, 13, 14]);
    expect(all).toEqual(expect.arrayContaining([1, 7, 8, 11, 12, 13, 14]));
    expect(all).not.toContain(2);
    expect(bytesOf(folder)).toBeLessThanOrEqual(maxBytes);
  });

  test('a scan over more than fits keeps what fits, and finds it in every run', async () => {
    const folder = scratchFolder();
    const names = Array.from({length: 25}, (_, i) => i);
    for (let run = 0; run < 3; run++) {
      const cache = open(folder, {maxBytes});
      const hits: number[] = [];
      for (const name of names) {
        if (await cache.get(keyOf(name))) hits.push(name);
        else await cache.put(keyOf(name), contentOf(name, bytes));
      }
      await cache.close();
      expect(hits).toEqual(run === 0 ? [] : names.slice(0, 10));
      expect(bytesOf(folder)).toBeLessThanOrEqual(maxBytes);
    }
  });

  test('the bound was made smaller: the next run that writes leaves no more', async () => {
    const folder = scratchFolder();
    await write(folder, EIGHT, bytes, 60);
    const cache = open(folder, {maxBytes: 3 * 4096 * 25});
    await cache.put(keyOf(9), contentOf(9, bytes));
    await cache.close();
    expect(bytesOf(folder)).toBeLessThanOrEqual(3 * 4096 * 25);
    expect(await found(folder, [9])).toEqual([9]);
  });

  test('a value that is larger than the bound is not kept, and pushes nothing out', async () => {
    const folder = scratchFolder();
    await write(folder, EIGHT, bytes, 60);
    const cache = open(folder, {maxBytes});
    await cache.put(keyOf(9), contentOf(9, maxBytes));
    await cache.close();
    expect(await found(folder, [...EIGHT, 9])).toEqual(EIGHT);
  });

  test("small files count as the disk's blocks", async () => {
    const folder = scratchFolder();
    const cache = open(folder, {maxBytes: 10 * 4096});
    for (let name = 0; name < 30; name++) await cache.put(keyOf(name), contentOf(name, 10));
    await cache.close();
    expect(filesOf(folder)).toHaveLength(10);
  });

  test('what a killed process left half written goes after an hour', async () => {
    const folder = scratchFolder();
    await write(folder, [1], 10);
    const litter = (name: string) => `${pathOf(folder, 1)}.${name}.tmp`;
    writeFileSync(litter('old'), 'half');
    writeFileSync(litter('new'), 'half');
    const then = new Date(Date.now() - 2 * 3600 * 1000);
    utimesSync(litter('old'), then, then);
    await write(folder, [2], 10);
    expect([existsSync(litter('old')), existsSync(litter('new'))]).toEqual([false, true]);
  });
});

describe('a folder that cannot be written', () => {
  /** Puts three values and gives what was said. */
  async function problemsOf(folder: string): Promise<string[]> {
    const problems: string[] = [];
    const cache = open(folder, {onProblem: (reason) => problems.push(reason)});
    for (const name of [7, 8, 9]) await cache.put(keyOf(name), contentOf(name, 50_000));
    await cache.close();
    return problems;
  }

  test('read-only: what is there is found, one problem is said, nothing is thrown', async () => {
    const folder = scratchFolder();
    await write(folder, [1], 100);
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o555);
    chmodSync(folder, 0o555);
    onTestFinished(() => chmodSync(folder, 0o755));
    await asOrdinaryUser(async () => {
      expect(await found(folder, [1, 7])).toEqual([1]);
      expect(await problemsOf(folder)).toEqual([
        `cannot write ${folder}: permission denied; choose another place, or change its permissions`,
      ]);
    });
  });

  test('a file in its place', async () => {
    const folder = join(scratchFolder(), 'features');
    writeFileSync(folder, '');
    expect(await problemsOf(folder)).toEqual([expect.stringContaining(`cannot write ${folder}: `)]);
    expect(await found(folder, [7])).toEqual([]);
  });

  const disk = mountTinyDisk();
  test.skipIf(disk === null)('a disk that is full: what fits is kept, and no litter', async () => {
    onTestFinished(() => disk?.remove());
    const folder = join(disk?.path ?? '', 'features');
    expect(await problemsOf(folder)).toEqual([
      `cannot write ${folder}: no space is left on the device; free some, or choose another place`,
    ]);
    expect(await found(folder, [7, 8, 9])).toEqual([7]);
    expect(filesOf(folder)).toEqual([pathOf(folder, 7)]);
  });

  test('the folder is cleared while it is used: the next value makes it again', async () => {
    const folder = scratchFolder();
    const cache = open(folder);
    await cache.put(keyOf(1), contentOf(1, 10));
    await cache.close();
    rmSync(folder, {recursive: true});
    expect(await cache.get(keyOf(1))).toBeNull();
    await cache.put(keyOf(2), contentOf(2, 10));
    await cache.close();
    expect(await found(folder, [1, 2])).toEqual([2]);
  });
});
