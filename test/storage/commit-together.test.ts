import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import fs from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {type AtomicFile, openAtomicFile} from '../../src/storage/atomic-file.js';
import {commitTogether} from '../../src/storage/commit-together.js';
import {systemError, watchFileSystem} from './faults.js';
import {scratchFolder} from './scratch.js';

const OLD = {a: 'old a', b: 'old b', gone: 'old gone'};
const NEW = {a: 'new a', b: 'new b', c: 'new c'};

/** Every file of a folder that is not hidden, with its content. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** The new files, sealed, beside the old ones. */
async function prepared(folder: string): Promise<AtomicFile[]> {
  for (const name of Object.keys(NEW)) await fs.rm(join(folder, name), {force: true});
  for (const [name, text] of Object.entries(OLD)) writeFileSync(join(folder, name), text);
  const files: AtomicFile[] = [];
  for (const [name, text] of Object.entries(NEW)) {
    const file = await openAtomicFile(join(folder, name));
    await file.write(text);
    await file.seal();
    files.push(file);
  }
  return files;
}

test('all files take their names, and obsolete ones go, before the last one has its own', async () => {
  const folder = scratchFolder();
  const files = await prepared(folder);
  let atLast: unknown;
  const watch = watchFileSystem((call) => {
    if (call === 'rename') atLast = {gone: existsSync(join(folder, 'gone')), c: existsSync(join(folder, 'c'))};
  });
  await commitTogether(files, [join(folder, 'gone'), join(folder, 'never there')]);
  watch.release();
  expect(atLast).toEqual({gone: false, c: false});
  expect(contents(folder)).toEqual(NEW);
  expect(readdirSync(folder)).toHaveLength(3);
});

test.each<[string, (call: string) => void]>([
  ['with hard links', () => undefined],
  [
    'where there are no hard links',
    (call) => {
      if (call === 'link') throw systemError('EPERM');
    },
  ],
])(
  'a failure at the N-th file-system call, for every N, %s: every file is as before, or all are new',
  async (_, also) => {
    const folder = scratchFolder();
    let failures = 0;
    for (let failing = 0; ; failing++) {
      const files = await prepared(folder);
      let calls = 0;
      const watch = watchFileSystem((call) => {
        if (calls++ === failing) throw systemError('EIO');
        also(call);
      });
      const error = await commitTogether(files, [join(folder, 'gone')]).catch((thrown: unknown) => thrown);
      watch.release();
      for (const file of files) await file.abandon();
      if (error === undefined) expect(contents(folder)).toEqual(NEW);
      else {
        failures++;
        expect(error).toMatchObject({name: 'RunError', code: 'write-failed'});
        expect(contents(folder)).toEqual(OLD);
      }
      // What a failed call left beside them is gone with the next run.
      await (await openAtomicFile(join(folder, 'next'))).abandon();
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
      if (calls <= failing) break;
    }
    expect(failures).toBeGreaterThan(10);
  },
);

test('no files are none', async () => {
  await commitTogether([], []);
});
