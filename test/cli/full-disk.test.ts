import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {mountTinyDisk} from '../storage/tiny-disk.js';
import {noise} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const disk = mountTinyDisk();
afterAll(() => disk?.remove());

/** Loaded before the program: every file that is opened for writing is /dev/full. */
const PRELOAD = `import fs from 'node:fs/promises';
const {open} = fs;
fs.open = (path, flags) => (flags === 'wx' ? open('/dev/full', 'w') : open(path, flags));
`;
const DEVICE = {NODE_OPTIONS: `--import=${work.path('full.mjs')}`};

beforeAll(async () => {
  work.write('full.mjs', PRELOAD);
  await work.image('a.png', noise(1, 4, 4));
  await work.image('b.png', noise(2, 4, 4));
  // Their rows take about 100 KB.
  const rows = Array.from({length: 2500}, (_, i) => `sample-${i},a.png,b.png`);
  work.write('many.csv', `key,pred,target\n${rows.join('\n')}\n`);
});

/** The names and bytes of a report's files. */
function contentsOf(dir: string): Record<string, string> {
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'latin1')]));
}

function score(inputs: readonly string[], report: string, env?: Readonly<Record<string, string>>) {
  return work.run(['eval', ...inputs, '--losses', 'mse', '--quiet', '--report', report], {env});
}

const TINY = {
  name: 'a disk of 64 KiB that the rows fill',
  report: join(disk?.path ?? '', 'report'),
  env: {},
  kept: ['rows.journal'],
};
const FULL = {name: '/dev/full in place of every file', report: work.path('report'), env: DEVICE, kept: []};

test.each(disk ? [TINY, FULL] : [FULL])(
  '$name: exit code 4, the earlier report untouched, no litter',
  async ({report, env, kept}) => {
    expect(await score(['--pred', 'a.png', '--target', 'b.png'], report)).toMatchObject({code: 0});
    const earlier = contentsOf(report);
    expect(Object.keys(earlier)).toEqual(['report.json', 'rows.csv', 'timing.json']);
    const {code, stdout, stderr} = await score(['--pairs', 'many.csv'], report, env);
    const file = kept.length > 0 ? 'rows.(journal|csv)' : '.cv-loss.lock';
    const lines = stderr.trim().split('\n');
    expect(lines.at(-1)).toMatch(
      new RegExp(
        `^cv-loss: disk-full: cannot write ${report}/${file}: no space is left on the device; free some, or choose another place$`,
      ),
    );
    expect(lines.slice(0, -1).join()).toMatch(
      kept.length > 0
        ? /^cv-loss: \d+ of 2500 rows are kept in .*rows\.journal: the same command goes on with them$/
        : /^$/,
    );
    expect({code, stdout}).toEqual({code: 4, stdout: ''});
    const after = contentsOf(report);
    expect(Object.keys(after).filter((name) => !(name in earlier))).toEqual(kept);
    expect(after).toMatchObject(earlier);
  },
);

test('where there was no report, none is left, nor its folder', async () => {
  const run = await score(['--pred', 'a.png', '--target', 'b.png'], 'new/report', DEVICE);
  expect(run).toMatchObject({code: 4, stderr: expect.stringMatching(/^cv-loss: disk-full: .*\n$/)});
  expect(work.contents()).not.toContain('work/new');
});
