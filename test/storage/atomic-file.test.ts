import {spawnSync} from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, expect, test} from 'vitest';
import {openAtomicFile, writeFileAtomically} from '../../src/storage/atomic-file.js';
import {openDeviceInstead, systemError, watchFileSystem} from './faults.js';
import {scratchFolder} from './scratch.js';
import {mountTinyDisk} from './tiny-disk.js';

const tinyDisk = mountTinyDisk();
afterAll(() => tinyDisk?.remove());

test('the old file stands until the commit, then the new one, whole', async () => {
  const path = join(scratchFolder(), 'rows.csv');
  writeFileSync(path, 'old');
  const file = await openAtomicFile(path);
  await file.write('new ');
  await file.write(Buffer.from('bytes é'));
  expect(readFileSync(path, 'utf8')).toBe('old');
  await file.seal();
  expect(readFileSync(path, 'utf8')).toBe('old');
  await file.commit();
  expect(readFileSync(path, 'utf8')).toBe('new bytes é');
  expect(readdirSync(join(path, '..'))).toEqual(['rows.csv']);
});

test('pieces of any size, awaited or not, arrive in order', async () => {
  const path = join(scratchFolder(), 'f');
  const pieces = fc.array(fc.oneof(fc.string({unit: 'binary'}), fc.uint8Array({maxLength: 70_000})), {maxLength: 8});
  await fc.assert(
    fc.asyncProperty(pieces, fc.boolean(), async (data, awaited) => {
      const file = await openAtomicFile(path);
      const writes: Promise<void>[] = [];
      for (const piece of data) {
        writes.push(file.write(piece));
        if (awaited) await writes.at(-1);
      }
      await Promise.all(writes);
      await file.commit();
      expect(readFileSync(path).equals(Buffer.concat(data.map((piece) => Buffer.from(piece as string))))).toBe(true);
    }),
    {numRuns: 50},
  );
});

test('a buffer may be used again after write', async () => {
  const path = join(scratchFolder(), 'f');
  const file = await openAtomicFile(path);
  const buffer = Buffer.from('first');
  await file.write(buffer);
  buffer.fill('x');
  await file.commit();
  expect(readFileSync(path, 'utf8')).toBe('first');
});

test('abandon leaves the old file and nothing else; after a commit it does nothing', async () => {
  const folder = scratchFolder();
  const path = join(folder, 'f');
  await writeFileAtomically(path, 'kept');
  const file = await openAtomicFile(path);
  await file.write('x'.repeat(300_000));
  await file.abandon();
  await file.abandon();
  expect(readdirSync(folder)).toEqual(['f']);
  expect(readFileSync(path, 'utf8')).toBe('kept');
  await expect(file.write('y')).rejects.toMatchObject({code: 'write-failed'});
  await expect(file.commit()).rejects.toMatchObject({code: 'write-failed'});
});

test.runIf(existsSync('/dev/full'))(
  'a full disk, by the device that is always full: disk-full, one line with the path',
  async () => {
    const path = join(scratchFolder(), 'rows.csv');
    writeFileSync(path, 'earlier');
    openDeviceInstead('/dev/full');
    const file = await openAtomicFile(path);
    await file.write('x');
    const error = await file.commit().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({name: 'RunError', code: 'disk-full'});
    expect((error as Error).message).toBe(
      `cannot write ${path}: no space is left on the device; free some, or choose another place`,
    );
    await file.abandon();
    expect(readFileSync(path, 'utf8')).toBe('earlier');
  },
);

test.runIf(tinyDisk)('a full disk, by a real one of 64 KiB: an earlier file stays, no litter', async () => {
  const path = join(tinyDisk?.path ?? '', 'rows.csv');
  await writeFileAtomically(path, 'earlier');
  await expect(writeFileAtomically(path, 'x'.repeat(1_000_000))).rejects.toMatchObject({code: 'disk-full'});
  expect(readFileSync(path, 'utf8')).toBe('earlier');
  expect(readdirSync(tinyDisk?.path ?? '')).toEqual(['rows.csv']);
  await writeFileAtomically(path, 'there is room again');
});

test('a folder that goes away while writing: output-lost', async () => {
  const folder = join(scratchFolder(), 'gone');
  mkdirSync(folder);
  const file = await openAtomicFile(join(folder, 'f'));
  await file.write('x');
  rmSync(folder, {recursive: true});
  await expect(file.commit()).rejects.toMatchObject({code: 'output-lost'});
  await file.abandon();
  await expect(openAtomicFile(join(folder, 'f'))).rejects.toMatchObject({code: 'output-lost'});
});

test.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EROFS', 'read-only'],
  ['EACCES', 'permission-denied'],
  ['EPERM', 'permission-denied'],
  ['ENOENT', 'output-lost'],
  ['ENOTDIR', 'not-a-folder'],
  ['EIO', 'write-failed'],
  ['toString', 'write-failed'],
])('%s becomes %s', async (system, code) => {
  const path = join(scratchFolder(), 'f');
  watchFileSystem((call) => {
    if (call === 'open') throw systemError(system);
  });
  const error = await openAtomicFile(path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({name: 'RunError', code});
  expect((error as Error).message).toContain(path);
  expect((error as Error).message).not.toContain('\n');
});

test('bytes that do not arrive are noticed', async () => {
  const path = join(scratchFolder(), 'f');
  const file = await openAtomicFile(path);
  await file.write('x'.repeat(200_000));
  const [temporary = ''] = readdirSync(join(path, '..'));
  writeFileSync(join(path, '..', temporary), 'short');
  await expect(file.commit()).rejects.toThrow('5 bytes arrived of the 200000 written');
  await file.abandon();
});

test('a failure at the N-th file-system call, for every N: the file is the old one or the new one, and nothing stays beside it', async () => {
  const folder = scratchFolder();
  const path = join(folder, 'f');
  const fresh = 'new'.repeat(100_000);
  let outcomes = '';
  for (let failing = 0; ; failing++) {
    writeFileSync(path, 'old');
    let calls = 0;
    const watch = watchFileSystem(() => {
      if (calls++ === failing) throw systemError('EIO');
    });
    const error = await writeFileAtomically(path, fresh).catch((thrown: unknown) => thrown);
    watch.release();
    const content = readFileSync(path, 'utf8');
    if (error === undefined) expect(content === fresh).toBe(true);
    else expect(content === 'old' || content === fresh).toBe(true);
    outcomes += error === undefined ? '.' : 'E';
    // The next run cleans up what a failed removal left.
    await writeFileAtomically(path, 'next');
    expect(readdirSync(folder)).toEqual(['f']);
    if (calls <= failing) break;
  }
  expect(outcomes).toMatch(/^[E.]{8,}\.$/);
  expect(outcomes).toContain('EEE');
});

test('what a dead process left is removed by the next open, what a living one writes is not', async () => {
  const folder = scratchFolder();
  const path = join(folder, 'f');
  const living = await openAtomicFile(path);
  const [own = ''] = readdirSync(folder);
  const dead = spawnSync('true').pid;
  const ofPid = (pid: number) =>
    own.replace(`-${process.pid}-`, `-${pid}-`).replace(/[0-9a-f]{12}\.tmp$/, '0123456789ab.tmp');
  const foreign = (name: string) => name.replace(/cv-loss-[0-9a-f]{8}/, 'cv-loss-00000000');
  const old = foreign(ofPid(2));
  const others = [ofPid(1), foreign(ofPid(dead)), '.f.cv-loss-notes', '.g.tmp', 'f.tmp'];
  for (const name of [ofPid(dead), ofPid(process.pid), old, ...others]) writeFileSync(join(folder, name), '');
  utimesSync(join(folder, old), 0, 0);
  const second = await openAtomicFile(path);
  const expected = new Set([own, ...others]);
  const present = readdirSync(folder);
  for (const name of expected) expect(present).toContain(name);
  expect(present).toHaveLength(expected.size + 1);
  await living.commit();
  await second.abandon();
});

test('a link is replaced by the file; what it points at stays', async () => {
  const folder = scratchFolder();
  const cached = join(folder, 'cached');
  const path = join(folder, 'f');
  writeFileSync(cached, 'cached');
  for (const target of [cached, join(folder, 'nowhere')]) {
    rmSync(path, {force: true});
    symlinkSync(target, path);
    await writeFileAtomically(path, 'new');
    expect(lstatSync(path).isFile()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('new');
  }
  expect(readFileSync(cached, 'utf8')).toBe('cached');
});

test('folders and devices are refused, through links as well', async () => {
  const folder = scratchFolder();
  symlinkSync('/dev/null', join(folder, 'link'));
  for (const path of [folder, '/dev/null', join(folder, 'link')]) {
    await expect(openAtomicFile(path)).rejects.toMatchObject({code: 'not-a-file'});
  }
});

test('a path with a line break is told on one line', async () => {
  const path = join(scratchFolder(), 'two\nlines', 'f');
  await expect(openAtomicFile(path)).rejects.toThrow(/^[^\n]*two\\u000alines[^\n]*$/);
});
