import {chmodSync, existsSync, mkdirSync, readFileSync, rmSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Finished, finished, type Surroundings, startCvLoss} from './cv-loss.js';
import {contentsOf, interrupted, journaledRows} from './interrupting.js';
import {photoDataset, runArgs, type SplitDataset} from './split-datasets.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
let photos: SplitDataset;

beforeAll(async () => {
  photos = await photoDataset(work, 900);
});

/** Starts a run, does something when it has rows, and gives how it ended. */
async function during(report: string, act: () => unknown, extra: Partial<Surroundings> = {}): Promise<Finished> {
  const child = startCvLoss(runArgs(photos, report), work.surroundings(extra));
  const end = finished(child);
  while (child.exitCode === null && journaledRows(work, report) < 16) await sleep(5);
  await act();
  return end;
}

test('of two runs into one directory the second is refused with one line, and the first is not disturbed', async () => {
  let second: Finished | undefined;
  let first = 0;
  const end = await during('one', async () => {
    first = (JSON.parse(readFileSync(work.path('one/.cv-loss.lock'), 'utf8')) as {pid: number}).pid;
    second = await work.run(runArgs(photos, 'one'));
  });
  expect(second).toEqual({
    code: 2,
    stdout: '',
    stderr: `cv-loss: another run (process ${first}) is writing ${work.path('one')}; wait for it, or choose another folder\n`,
  });
  expect(end.code).toBe(photos.code);
  expect(Object.keys(contentsOf(work, 'one'))).toEqual(['report.json', 'rows.csv', 'timing.json']);
});

test('a killed run’s directory is free at once', async () => {
  await interrupted(work, {args: runArgs(photos, 'killed'), report: 'killed', rows: 16}, 'SIGKILL');
  expect(existsSync(work.path('killed/.cv-loss.lock'))).toBe(true);
  const {code, stderr} = await work.run(['eval', '--config', photos.config, '--quiet', '--report', 'killed']);
  expect(code).toBe(photos.code);
  expect(stderr).toContain('going on with an interrupted run');
  expect(existsSync(work.path('killed/.cv-loss.lock'))).toBe(false);
});

describe('the output directory', () => {
  const lost = (report: string) =>
    `cv-loss: output-lost: cannot write ${work.path(report)}: it was removed, or another run took it over\n`;

  test('removed under way: code 4 and one line', async () => {
    const end = await during('removed', () => rmSync(work.path('removed'), {recursive: true}));
    expect(end).toEqual({code: 4, stdout: '', stderr: lost('removed')});
    expect(existsSync(work.path('removed'))).toBe(false);
  });

  test('removed and made again by somebody: code 4, and nothing is put there', async () => {
    const end = await during('again', () => {
      rmSync(work.path('again'), {recursive: true});
      work.write('again/notes.txt', 'mine');
    });
    expect(end).toEqual({code: 4, stdout: '', stderr: lost('again')});
    expect(Object.keys(contentsOf(work, 'again'))).toEqual(['notes.txt']);
  });

  test('that may not be written: code 2 and one line, nothing is computed', async () => {
    mkdirSync(work.path('read-only'));
    chmodSync(work.path('read-only'), 0o555);
    const {code, stdout, stderr} = await work.run(runArgs(photos, 'read-only'), {unprivileged: true});
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(
      /^cv-loss: cannot write .*read-only.*: permission denied; choose another place, or change its permissions\n$/,
    );
    const below = await work.run(runArgs(photos, 'read-only/new/report'), {unprivileged: true});
    expect(below).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^cv-loss: cannot write .*: permission denied.*\n$/),
    });
  });

  test('whose permission is lost under way: code 4, one line for the reason, and rows are kept', async () => {
    const extra = {unprivileged: true} as const;
    const end = await during('permission', () => chmodSync(work.path('permission'), 0o555), extra);
    chmodSync(work.path('permission'), 0o755);
    const kept = journaledRows(work, 'permission');
    expect(kept).toBeGreaterThan(0);
    expect(end.code).toBe(4);
    const [keptLine, reason, ...more] = end.stderr.trimEnd().split('\n');
    expect(keptLine).toBe(
      `cv-loss: 900 of 900 rows are kept in permission/rows.journal: the same command goes on with them`,
    );
    expect(reason).toMatch(
      /^cv-loss: permission-denied: cannot write .*: permission denied; choose another place, or change its permissions$/,
    );
    expect(more).toEqual([]);
    const again = await work.run(runArgs(photos, 'permission'));
    expect(again.code).toBe(photos.code);
    expect(Object.keys(contentsOf(work, 'permission'))).toEqual(['report.json', 'rows.csv', 'timing.json']);
  });

  test('that may not be looked at any more: code 4, and no stack trace', async () => {
    const end = await during('closed', () => chmodSync(work.path('closed'), 0), {unprivileged: true});
    chmodSync(work.path('closed'), 0o755);
    expect(end).toEqual({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^cv-loss: permission-denied: cannot write .*\n$/),
    });
  });
});
