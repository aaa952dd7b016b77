import {copyFileSync, cpSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {type ConfigInput, type EvaluateOptions, evaluate} from 'cv-loss';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {finished, startCvLoss} from './cv-loss.js';
import {contentsOf, interrupted, journaledRows, restoredRows} from './interrupting.js';
import {maskDataset, networkDataset, photoDataset, runArgs, type SplitDataset} from './split-datasets.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const sets: Record<string, SplitDataset> = {};
const wholes: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  sets.photos = await photoDataset(work, 320);
  sets.masks = await maskDataset(work, 160);
  sets.networks = await networkDataset(work, 12);
  for (const [name, set] of Object.entries(sets)) {
    expect(await work.run(runArgs(set, `whole-${name}`))).toMatchObject({code: set.code, stdout: ''});
    wholes[name] = contentsOf(work, `whole-${name}`);
  }
  await kill('photos', 'left-photos', 160);
  await kill('masks', 'left-masks', 80);
}, 120_000);

const set = (name: string) => sets[name] as SplitDataset;
const goingOn = (report: string) =>
  new RegExp(`^cv-loss: going on with an interrupted run: \\d+ rows are in ${report}/rows.journal\n`);

/** Expects a report to be that of the uninterrupted run, of as many restored rows at least. */
function expectWhole(name: string, report: string, restored: number): void {
  expect(contentsOf(work, report)).toEqual(wholes[name]);
  expect(restoredRows(work, report)).toBeGreaterThanOrEqual(restored);
}

/** Goes on by the same command; gives what it prints. */
async function goOnByCommand(name: string, report: string, ...more: readonly string[]): Promise<string> {
  const {code, stderr} = await work.run(runArgs(set(name), report, ...more));
  expect(code).toBe(set(name).code);
  return stderr;
}

/** Goes on from this program, which needs no process: the lines that the command would print. */
async function goOn(
  name: string,
  report: string,
  changes: ConfigInput = {},
  resume: EvaluateOptions['resume'] = 'auto',
): Promise<string> {
  const lines: string[] = [];
  const onNotice = (line: string) => lines.push(`cv-loss: ${line}\n`);
  const config: ConfigInput = {...(work.json(set(name).config) as ConfigInput), ...changes};
  const to = {...config, report: {...config.report, dir: report}};
  await evaluate(to, {cwd: work.path(), keepRows: false, resume, onNotice});
  return lines.join('');
}

/** Kills a run when it has as many rows. */
function kill(name: string, report: string, rows: number) {
  return interrupted(work, {args: runArgs(set(name), report), report, rows}, 'SIGKILL');
}

/** Makes a report directory that of a run that was killed, half of it done; gives the rows that are kept there. */
function leftBy(name: 'photos' | 'masks', report: string): number {
  cpSync(work.path(`left-${name}`), work.path(report), {recursive: true});
  return journaledRows(work, report);
}

/** Gives a file the bytes of another for as long as the test lasts. */
function replaceUntilTheEnd(file: string, other: string): void {
  const bytes = readFileSync(work.path(file));
  onTestFinished(() => writeFileSync(work.path(file), bytes));
  copyFileSync(work.path(other), work.path(file));
}

describe('a killed run: the same command gives the bytes of an uninterrupted one', () => {
  test.each<[string, number]>([
    ['photos', 0],
    ['photos', 16],
    ['photos', 200],
    ['masks', 8],
    ['networks', 4],
  ])('%s, killed when %i rows were kept', async (name, rows) => {
    const report = `killed-${name}-${rows}`;
    expect((await kill(name, report, rows)).code).toBeNull();
    const kept = journaledRows(work, report);
    expect(kept).toBeGreaterThanOrEqual(rows);
    const stderr = await goOnByCommand(name, report);
    expectWhole(name, report, rows);
    if (kept > 0) expect(stderr).toMatch(goingOn(report));
    expect(restoredRows(work, report)).toBe(kept);
  });

  test('killed three times, further each time', async () => {
    for (const rows of [16, 96, 200]) await kill('photos', 'thrice', rows);
    await goOn('photos', 'thrice');
    expectWhole('photos', 'thrice', 200);
  });

  test('killed before it had a row, and while it began', async () => {
    const child = startCvLoss(runArgs(set('photos'), 'early'), work.surroundings());
    const end = finished(child);
    await sleep(150);
    child.kill('SIGKILL');
    await end;
    await goOn('photos', 'early');
    expectWhole('photos', 'early', 0);
  });

  test('over an earlier report, which stays whole until the new one is there', async () => {
    cpSync(work.path('whole-masks'), work.path('over'), {recursive: true});
    const before = contentsOf(work, 'over');
    const args = [...runArgs(set('photos'), 'over'), '--report-format', 'csv,json,jsonl'];
    await interrupted(work, {args, report: 'over', rows: 32}, 'SIGKILL');
    expect(contentsOf(work, 'over')).toMatchObject(before);
    await goOn('photos', 'over', {report: {formats: ['csv', 'json', 'jsonl']}});
    expect(Object.keys(contentsOf(work, 'over'))).toEqual(['report.json', 'rows.csv', 'rows.jsonl', 'timing.json']);
    expect(contentsOf(work, 'over')).toMatchObject(wholes.photos ?? {});
  });

  test('in other batches, and with another place for the same files', async () => {
    leftBy('photos', 'batches');
    await goOn('photos', 'batches', {batch_size: 5});
    expectWhole('photos', 'batches', 100);
  });
});

describe('Ctrl-C', () => {
  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s: code %i, a line says how many rows are kept, the next run goes on with them', async (signal, code) => {
    const end = await interrupted(work, {args: runArgs(set('photos'), signal), report: signal, rows: 48}, signal);
    expect(end).toMatchObject({code, stdout: ''});
    const kept = journaledRows(work, signal);
    expect(end.stderr.split('\n')).toEqual([
      'cv-loss: finishing the batch under way; once more stops at once',
      `cv-loss: ${kept} of 320 rows are kept in ${signal}/rows.journal: the same command goes on with them`,
      'cv-loss: interrupted; no report was written',
      '',
    ]);
    // Batches are whole.
    expect(kept % 16).toBe(0);
    expect(Object.keys(contentsOf(work, signal))).toEqual(['rows.journal']);
    expect(await goOn('photos', signal)).toMatch(goingOn(signal));
    expectWhole('photos', signal, kept);
    expect(restoredRows(work, signal)).toBe(kept);
  });

  test('a second one stops at once; what is kept is gone on with', async () => {
    const child = startCvLoss(runArgs(set('networks'), 'twice'), work.surroundings());
    const end = finished(child);
    while (child.exitCode === null && journaledRows(work, 'twice') < 2) await sleep(5);
    child.kill('SIGINT');
    child.kill('SIGINT');
    await sleep(1);
    child.kill('SIGINT');
    const {code, stderr} = await end;
    expect(code).toBe(130);
    expect(stderr).not.toContain('Error');
    await goOnByCommand('networks', 'twice');
    expectWhole('networks', 'twice', 2);
  });
});

describe('--resume', () => {
  const lines = (stderr: string) =>
    stderr.split('\n').filter((line) => line.includes('resume') || line.includes('interrupted run'));

  test('never: all is computed anew', async () => {
    leftBy('masks', 'never');
    expect(lines(await goOnByCommand('masks', 'never', '--resume', 'never'))).toEqual([]);
    expectWhole('masks', 'never', 0);
    expect(restoredRows(work, 'never')).toBe(0);
  });

  test('require: goes on, and is refused where there is nothing to go on with', async () => {
    const none = await work.run(runArgs(set('masks'), 'required', '--resume', 'require'));
    expect(none).toEqual({
      code: 2,
      stdout: '',
      stderr: 'cv-loss: --resume require: required/rows.journal holds nothing to go on with\n',
    });
    expect(work.contents()).not.toContain('work/required');
    leftBy('masks', 'required');
    await goOnByCommand('masks', 'required', '--resume', 'require');
    expectWhole('masks', 'required', 8);
  });

  test('require: refused where what decides the rows has changed', async () => {
    const kept = leftBy('photos', 'changed');
    const args = runArgs(set('photos'), 'changed', '--set', 'losses.2.color=rgb');
    const why =
      'an interrupted run left rows in changed/rows.journal, but what decides them has changed (config.losses)';
    expect(await work.run([...args, '--resume', 'require'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `cv-loss: --resume require: ${why}\n`,
    });
    expect(journaledRows(work, 'changed')).toBe(kept);
    const {losses = []} = work.json('photos.json') as ConfigInput;
    const anew = await goOn('photos', 'changed', {losses: losses.with(2, {type: 'ssim', color: 'rgb', weight: 0.5})});
    expect(anew).toContain(`cv-loss: ${why}: all are computed anew [CVL-W010]\n`);
    expect(restoredRows(work, 'changed')).toBe(0);
  });

  test('a mode that there is not', async () => {
    const {code, stderr} = await work.run(runArgs(set('masks'), 'mode', '--resume', 'always'));
    expect({code, stderr}).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^cv-loss: option '--resume <mode>' argument 'always' is invalid\. Allowed choices are auto, never, require\.\n$/,
      ),
    });
  });
});

describe('what the rows were made of has changed', () => {
  /** Changes the identity in a journal's first line, as a run of other circumstances would have written it. */
  async function otherwise(report: string, change: (identity: Record<string, unknown>) => void): Promise<void> {
    const {journalLine} = await import('../../src/journal/line.js');
    const path = work.path(report, 'rows.journal');
    const [head = '', ...rest] = readFileSync(path, 'utf8').split('\n');
    const header = JSON.parse(head.slice(9)) as {identity: Record<string, unknown>};
    change(header.identity);
    writeFileSync(path, [journalLine(header).trimEnd(), ...rest].join('\n'));
  }

  test.each<[string, (identity: Record<string, unknown>) => void]>([
    ['version', (identity) => Object.assign(identity, {version: '0.0.1'})],
    ['device', (identity) => Object.assign(identity, {device: {name: 'tensorflow', gpu: true, versions: {}}})],
  ])('%s: all rows are computed anew, and the line names it', async (name, change) => {
    const report = `other-${name}`;
    leftBy('masks', report);
    await otherwise(report, change);
    expect(await goOn('masks', report)).toContain(`what decides them has changed (${name}): all are computed anew`);
    expectWhole('masks', report, 0);
    expect(restoredRows(work, report)).toBe(0);
  });

  test('one input: only its rows are computed anew', async () => {
    const kept = leftBy('photos', 'input');
    replaceUntilTheEnd(set('photos').target, 'photos/target/2.png');
    await goOn('photos', 'input-whole');
    await goOn('photos', 'input');
    expect(contentsOf(work, 'input')).toEqual(contentsOf(work, 'input-whole'));
    expect(contentsOf(work, 'input')).not.toEqual(wholes.photos);
    // Of 320 rows over twelve files 27 have this one, and all of these come first.
    expect(kept - restoredRows(work, 'input')).toBe(27);
  });

  test('the times of files, not their bytes: nothing is computed anew', async () => {
    const kept = leftBy('masks', 'touched');
    for (let i = 0; i < 5; i++) utimesSync(work.path(`masks/pred/${i}.npy`), 1, 1);
    await goOn('masks', 'touched');
    expectWhole('masks', 'touched', kept);
  });

  test('a target that the first pass sees: the weights are others, and all rows', async () => {
    leftBy('masks', 'pass');
    replaceUntilTheEnd(set('masks').target, 'masks/target/1.png');
    expect(await goOn('masks', 'pass')).toContain('what decides them has changed (first pass): all are computed anew');
  });

  test('rows that are wanted: those that are there no more are left out, groups are those of now', async () => {
    await kill('photos', 'rows', 300);
    const manifest = work.read('photos.csv').split('\n');
    work.write('fewer.csv', manifest.filter((_, i) => i % 7 !== 3).join('\n'));
    for (const report of ['rows-whole', 'rows']) await goOn('photos', report, {pairs: 'fewer.csv', group_by: '{key}'});
    expect(contentsOf(work, 'rows')).toEqual(contentsOf(work, 'rows-whole'));
    expect(restoredRows(work, 'rows')).toBeGreaterThan(200);
  });
});

describe('a journal that is damaged', () => {
  test.each<[string, (text: string) => string]>([
    ['its last line torn', (text) => text.slice(0, -30)],
    ['a line in the middle changed', (text) => text.replace('/photo 1"', '/photo x"')],
    [
      'a line in the middle gone, another cut in two',
      (text) =>
        text
          .split('\n')
          .filter((_, i) => i !== 9)
          .join('\n')
          .replace('"sha256"', '"sha\n256"'),
    ],
  ])('%s: those rows are computed anew', async (name, damage) => {
    const report = `damaged ${name}`;
    const kept = leftBy('photos', report);
    const path = work.path(report, 'rows.journal');
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    await goOn('photos', report);
    expectWhole('photos', report, kept - 3);
    expect(restoredRows(work, report)).toBeLessThan(kept);
  });

  test('a file of that name that is somebody else’s is refused, and stays', async () => {
    const refused =
      'foreign/rows.journal is no journal of this version of cv-loss; remove it, or choose another --report';
    for (const content of ['mine', 'mine\n']) {
      work.write('foreign/rows.journal', content);
      for (const resume of ['auto', 'never', 'require'] as const) {
        await expect(goOn('masks', 'foreign', {}, resume)).rejects.toThrow(refused);
      }
      expect(await work.run(runArgs(set('masks'), 'foreign'))).toEqual({
        code: 2,
        stdout: '',
        stderr: `cv-loss: ${refused}\n`,
      });
      expect(work.read('foreign', 'rows.journal')).toBe(content);
    }
    rmSync(work.path('foreign'), {recursive: true});
  });
});
