import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {type AppendFile, openAppendFile} from '../../src/storage/append-file.js';
import {systemError, watchFileSystem} from './faults.js';
import {scratchFolder} from './scratch.js';
import {mountTinyDisk} from './tiny-disk.js';

const tinyDisk = mountTinyDisk();
afterAll(() => tinyDisk?.remove());

const append = (file: AppendFile, text: string) => file.append(Buffer.from(text));

test('a file grows, also after it was opened again, and is cut', async () => {
  const path = join(scratchFolder(), 'f');
  const first = await openAppendFile(path);
  await append(first, 'one ');
  await append(first, 'zwei é ');
  await first.close();
  const second = await openAppendFile(path);
  await append(second, 'three');
  expect(readFileSync(path, 'utf8')).toBe('one zwei é three');
  await second.cut(4);
  await append(second, 'end');
  expect(readFileSync(path, 'utf8')).toBe('one end');
  const {buffer, bytesRead} = await second.handle.read(Buffer.alloc(9), 0, 9, 0);
  expect(buffer.toString('utf8', 0, bytesRead)).toBe('one end');
  await second.remove();
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('a failure at the N-th file-system call, for every N: what was appended without an error is there, and nothing between', async () => {
  const path = join(scratchFolder(), 'f');
  let failures = 0;
  for (let failing = 0; ; failing++) {
    writeFileSync(path, 'kept ');
    let calls = 0;
    const watch = watchFileSystem(() => {
      if (calls++ === failing) throw systemError('EIO');
    });
    let arrived = 'kept ';
    let file: AppendFile | null = null;
    for (const piece of ['one ', 'three ', 'x']) {
      try {
        file ??= await openAppendFile(path);
        await append(file, piece);
        arrived += piece;
      } catch (error) {
        failures++;
        expect(error).toMatchObject({name: 'RunError', code: 'write-failed', message: expect.stringContaining(path)});
      }
    }
    watch.release();
    await file?.close();
    expect(readFileSync(path, 'utf8').slice(0, arrived.length)).toBe(arrived);
    if (calls <= failing) break;
  }
  expect(failures).toBeGreaterThan(6);
});

test.runIf(tinyDisk)('a disk that fills up: disk-full, what was appended before stays', async () => {
  const path = join(tinyDisk?.path ?? '', 'f');
  const file = await openAppendFile(path);
  await append(file, 'kept');
  await expect(append(file, 'x'.repeat(100_000))).rejects.toMatchObject({name: 'RunError', code: 'disk-full'});
  await file.cut(4);
  await append(file, '!');
  expect(readFileSync(path, 'utf8')).toBe('kept!');
  await file.remove();
});

test('a folder that is not there: output-lost; one that goes away does not make removing fail', async () => {
  const folder = join(scratchFolder(), 'gone');
  await expect(openAppendFile(join(folder, 'f'))).rejects.toMatchObject({name: 'RunError', code: 'output-lost'});
  const root = scratchFolder();
  const file = await openAppendFile(join(root, 'f'));
  rmSync(join(root, 'f'));
  await file.remove();
});
