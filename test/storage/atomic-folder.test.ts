import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {openAtomicFile} from '../../src/storage/atomic-file.js';
import {openAtomicFolder} from '../../src/storage/atomic-folder.js';
import {commitTogether} from '../../src/storage/commit-together.js';
import {systemError, watchFileSystem} from './faults.js';
import {scratchFolder} from './scratch.js';

/** Every file below a folder, hidden ones included, with its content. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

function prepare(root: string): void {
  rmSync(root, {recursive: true, force: true});
  mkdirSync(join(root, 'maps', 'old'), {recursive: true});
  writeFileSync(join(root, 'maps', 'old', 'a.png'), 'old a');
  writeFileSync(join(root, 'report.json'), 'old report');
}

const OLD = {'maps/old/a.png': 'old a', 'report.json': 'old report'};
const NEW = {'maps/deep/er/b.png': 'new b', 'maps/index.json': 'new index', 'report.json': 'new report'};

async function write(root: string) {
  const folder = await openAtomicFolder(join(root, 'maps'));
  const file = await openAtomicFile(join(root, 'report.json'));
  return {folder, file};
}

test('a failure at the N-th file-system call, for every N: folder and file are as before, or both are new', async () => {
  const root = join(scratchFolder(), 'root');
  let failures = 0;
  for (let failing = 0; ; failing++) {
    prepare(root);
    const {folder, file} = await write(root);
    let calls = 0;
    const watch = watchFileSystem(() => {
      if (calls++ === failing) throw systemError('EIO');
    });
    const work = async () => {
      await folder.add('deep/er/b.png', 'new b');
      await folder.add('index.json', 'new index');
      await file.write('new report');
      await file.seal();
      await commitTogether([file], [], [folder]);
    };
    const error = await work().catch((thrown: unknown) => thrown);
    watch.release();
    await folder.abandon();
    await file.abandon();
    // What a failed call left beside them is gone with the next run.
    await (await openAtomicFile(join(root, 'next'))).abandon();
    if (error === undefined) expect(contents(root)).toEqual(NEW);
    else {
      failures++;
      expect(error).toMatchObject({name: 'RunError', code: 'write-failed'});
      expect(contents(root)).toEqual(OLD);
    }
    if (calls <= failing) break;
  }
  expect(failures).toBeGreaterThan(15);
});

test('a folder without a file takes away what was there', async () => {
  const root = join(scratchFolder(), 'root');
  prepare(root);
  await commitTogether(
    [],
    [],
    [await openAtomicFolder(join(root, 'maps')), await openAtomicFolder(join(root, 'none'))],
  );
  expect(contents(root)).toEqual({'report.json': 'old report'});
});

test('two files of one name are refused', async () => {
  const folder = await openAtomicFolder(join(scratchFolder(), 'maps'));
  await folder.add('a', '1');
  await expect(folder.add('a', '2')).rejects.toMatchObject({name: 'RunError'});
  await folder.abandon();
});
