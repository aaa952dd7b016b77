import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {mountTinyDisk} from '../storage/tiny-disk.js';
import {noise} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const disk = mountTinyDisk();
afterAll(() => disk?.remove());

/** Rows of these fill more than the disk's 64 KiB, and more than what is gathered before a write. */
const MANY = 6000;

beforeAll(async () => {
  await work.image('a.png', noise(1, 4, 4));
  await work.image('b.png', noise(2, 4, 4));
  const rows = Array.from({length: MANY}, (_, i) => `sample-${i},a.png,b.png`);
  work.write('many.csv', `key,pred,target\n${rows.join('\n')}\n`);
});

/** Makes /dev/full of every file that is opened for writing. */
const FULL = {
  NODE_OPTIONS:
    "\"--import=data:text/javascript,import fs from'fs/promises';const{open}=fs;fs.open=(path,flags)=>flags==='wx'?open('/dev/full','w'):open(path,flags);\"",
};

/** The names and bytes of a report's files. */
function contentsOf(dir: string): Record<string, string> {
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'latin1')]));
}

function score(inputs: readonly string[], report: string, env?: Readonly<Record<string, string>>) {
  return work.run(['eval', ...inputs, '--losses', 'mse', '--quiet', '--report', report], {env});
}

async function expectUntouched(report: string, env?: Readonly<Record<string, string>>): Promise<void> {
  expect(await score(['--pred', 'a.png', '--target', 'b.png'], report)).toMatchObject({code: 0});
  const earlier = contentsOf(report);
  expect(Object.keys(earlier)).toEqual(['report.json', 'rows.csv', 'timing.json']);
  const {code, stdout, stderr} = await score(['--pairs', 'many.csv'], report, env);
  expect(stderr).toBe(
    `cv-loss: disk-full: cannot write ${report}/rows.csv: no space is left on the device; free some, or choose another place\n`,
  );
  expect({code, stdout}).toEqual({code: 4, stdout: ''});
  expect(contentsOf(report)).toEqual(earlier);
}

test.runIf(disk)('a disk of 64 KiB that the rows fill: exit code 4, the earlier report untouched, no litter', () =>
  expectUntouched(join(disk?.path ?? '', 'report')),
);

test('the same where every file that is opened for writing is /dev/full', async () => {
  await expectUntouched(work.path('report'), FULL);
});

test('a full disk leaves no report where there was none', async () => {
  const run = await score(['--pairs', 'many.csv'], work.path('new/report'), FULL);
  expect(run).toMatchObject({code: 4, stderr: expect.stringMatching(/^cv-loss: disk-full: .*\n$/)});
  expect(work.contents()).not.toContain('work/new');
});
