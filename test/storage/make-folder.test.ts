import {existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {expect, test} from 'vitest';
import {makeFolder} from '../../src/storage/make-folder.js';
import {scratchFolder} from './scratch.js';

test('makes what is missing, and takes back only that', async () => {
  const root = scratchFolder();
  const there = join(root, 'there');
  mkdirSync(there);
  const path = join(there, 'a', 'b');
  const made = await makeFolder(relative('.', path));
  expect(existsSync(path)).toBe(true);
  await made.unmake();
  expect(existsSync(join(there, 'a'))).toBe(false);
  expect(existsSync(there)).toBe(true);
  await (await makeFolder(there)).unmake();
  expect(existsSync(there)).toBe(true);
});

test('a folder that is not empty stays', async () => {
  const root = scratchFolder();
  const made = await makeFolder(join(root, 'a', 'b'));
  writeFileSync(join(root, 'a', 'somebody'), '');
  await made.unmake();
  expect(existsSync(join(root, 'a', 'b'))).toBe(false);
  expect(existsSync(join(root, 'a', 'somebody'))).toBe(true);
});

test('a file in the way is not-a-folder', async () => {
  const file = join(scratchFolder(), 'file');
  writeFileSync(file, '');
  await expect(makeFolder(file)).rejects.toMatchObject({name: 'RunError', code: 'not-a-folder'});
  await expect(makeFolder(join(file, 'below'))).rejects.toMatchObject({code: 'not-a-folder'});
});

test('a place where nothing can be made is told, at once, and parents that were made go again', async () => {
  await expect(makeFolder('/proc/cv-loss/report')).rejects.toMatchObject({name: 'RunError'});
  const root = scratchFolder();
  const name = 'x'.repeat(300);
  await expect(makeFolder(join(root, 'a', name))).rejects.toMatchObject({code: 'write-failed'});
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
  await expect(makeFolder(join(root, 'dangling', 'report'))).rejects.toMatchObject({name: 'RunError'});
  expect(readdirSync(root)).toEqual(['dangling']);
});
