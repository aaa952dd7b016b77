import {chmodSync, mkdirSync, readdirSync, statSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {finished, startCvLoss} from './cv-loss.js';
import {parseTriplets} from './defined-triplets.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

/** Three items of two labels: two triplets, and numbers by hand. */
const FEW = 'key,label,v0\nann/1,ann,1\nann/2,ann,2\nbob/1,bob,4\n';
const MINE_FEW = ['triplets', '--embeddings', 'few.csv', '--strategy', 'all', '--no-normalize'];
const TRIPLETS = 'anchor,positive,negative,d_ap,d_an\nann/1,ann/2,bob/1,1,9\nann/2,ann/1,bob/1,1,4\n';
const SUMMARY = '2 triplets (all, squared-l2, not normalized) of 2 anchors';
const ALONE = 'cv-loss: 1 of 3 embeddings has no other of the same label and is no anchor\n';

/** Of 3,000 items, 27 million triplets: far more than can be written before a signal comes. */
const MINE_MANY = ['triplets', '--embeddings', 'many.csv', '--strategy', 'all'];

beforeAll(() => {
  work.write('few.csv', FEW);
  const many = Array.from({length: 3000}, (_, i) => `item ${i},${i % 750},${Math.sin(i)},${Math.cos(i * i)}\n`);
  work.write('many.csv', `key,label,v0,v1\n${many.join('')}`);
});

describe.concurrent('where triplets go', () => {
  test('triplets.csv by default, a line of summary on standard output', async () => {
    work.write('default/few.csv', FEW);
    const result = await work.run(MINE_FEW, {cwd: work.path('default')});
    expect(result).toEqual({code: 0, stdout: `${SUMMARY} in triplets.csv\n`, stderr: ALONE});
    expect(work.read('default', 'triplets.csv')).toBe(TRIPLETS);
    expect(readdirSync(work.path('default')).sort()).toEqual(['few.csv', 'triplets.csv']);
  });

  test('-, standard output: the same bytes, the summary on standard error', async () => {
    const result = await work.run([...MINE_FEW, '--out', '-']);
    expect(result).toEqual({code: 0, stdout: TRIPLETS, stderr: `${ALONE}${SUMMARY}\n`});
  });

  test('--quiet leaves the summary out, and what concerns the data in', async () => {
    expect(await work.run([...MINE_FEW, '--quiet', '--out', '-'])).toEqual({code: 0, stdout: TRIPLETS, stderr: ALONE});
    const result = await work.run([...MINE_FEW, '--quiet', '--out', 'quiet.csv']);
    expect(result).toEqual({code: 0, stdout: '', stderr: ALONE});
  });

  test('over an earlier file', async () => {
    work.write('earlier.csv', 'something longer than what comes now'.repeat(20));
    expect(await work.run([...MINE_FEW, '--out', 'earlier.csv'])).toMatchObject({code: 0});
    expect(work.read('earlier.csv')).toBe(TRIPLETS);
  });

  test('no triplet at all: a header, and it is said', async () => {
    const semiHard = ['triplets', '--embeddings', 'few.csv', '--no-normalize', '--margin', '0.1', '--out', 'none.csv'];
    expect(await work.run(semiHard)).toEqual({
      code: 0,
      stdout: '0 triplets (semi-hard, margin 0.1, squared-l2, not normalized) of 0 anchors in none.csv\n',
      stderr: `${ALONE}cv-loss: 2 anchors of 2 without a semi-hard triplet\n`,
    });
    expect(work.read('none.csv')).toBe('anchor,positive,negative,d_ap,d_an\n');
  });

  test('keys that need quotes, and keys with the | that joins them, are read back', async () => {
    const names = ['"a, ""1"""', 'a|2', 'b|1', '"=b\n2"'];
    const rows = names.map((name, i) => `${name},${i < 2 ? 'a' : 'b'},${i ** 2}\n`);
    work.write('names/e.csv', `key,label,v0\n${rows.join('')}`);
    work.write(
      'names/cv-loss.yaml',
      'embeddings: {file: e.csv}\nlosses: [{type: triplet, normalize: false, tuples: t.csv}]\n',
    );
    const cwd = work.path('names');
    const flags = ['--embeddings', 'e.csv', '--no-normalize', '--strategy', 'all', '--out', 't.csv', '--quiet'];
    expect(await work.run(['triplets', ...flags], {cwd})).toEqual({code: 0, stdout: '', stderr: ''});
    const triplets = parseTriplets(work.read('names', 't.csv'), 'key,anchor,positive,negative,d_ap,d_an');
    expect(triplets).toHaveLength(8);
    expect(triplets[1]).toEqual({anchor: 'a, "1"', positive: 'a|2', negative: "'=b\n2", ap: 1, an: 81});
    expect(await work.run(['eval', '--quiet'], {cwd})).toEqual({code: 0, stdout: '', stderr: ''});
    expect([...work.rows('names/cv-loss-report').keys()]).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });
});

describe.concurrent('a reader that goes away', () => {
  test('ends the run quietly', async () => {
    const {code, stdout, stderr} = await work.shell(
      `cv-loss ${MINE_MANY.join(' ')} --out - | head -2\nexit "\${PIPESTATUS[0]}"`,
    );
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toMatch(/^anchor,positive,negative,d_ap,d_an\nitem 0,item 750,item 1,[\d.]+,[\d.]+\n$/);
  });

  test('a full device is exit code 4 and one line', async () => {
    expect(await work.shell(`cv-loss ${MINE_MANY.join(' ')} --out - > /dev/full`)).toEqual({
      code: 4,
      stdout: '',
      stderr: 'cv-loss: disk-full: cannot write standard output (ENOSPC)\n',
    });
  });
});

describe.concurrent('an interrupted run', () => {
  const signals: [NodeJS.Signals, number][] = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ];

  test.each(signals)('%s: exit code %i, the earlier file as it was, no temporary', async (signal, code) => {
    const folder = work.path(signal);
    work.write(`${signal}/t.csv`, TRIPLETS);
    const child = startCvLoss([...MINE_MANY, '--out', `${signal}/t.csv`], work.surroundings());
    const end = finished(child);
    const written = () =>
      readdirSync(folder).some((name) => name.endsWith('.tmp') && statSync(work.path(signal, name)).size > 1e6);
    while (child.exitCode === null && !written()) await sleep(20);
    child.kill(signal);
    expect(await end).toEqual({code, stdout: '', stderr: 'cv-loss: interrupted; nothing was written\n'});
    expect(readdirSync(folder)).toEqual(['t.csv']);
    expect(work.read(signal, 't.csv')).toBe(TRIPLETS);
  });

  test.each(signals)('%s while writing to standard output: whole lines, exit code %i', async (signal, code) => {
    const child = startCvLoss([...MINE_MANY, '--out', '-'], work.surroundings());
    const end = finished(child);
    child.stdout?.once('data', () => child.kill(signal));
    const {stdout, ...others} = await end;
    expect(others).toEqual({code, stderr: 'cv-loss: interrupted\n'});
    expect(stdout).toMatch(/,\d[\d.e-]*\n$/);
  });
});

describe.concurrent('a place that takes no file is one line and exit 2', () => {
  test('a read-only folder: the earlier file stays', async () => {
    work.write('locked/t.csv', 'earlier');
    chmodSync(work.path('locked'), 0o555);
    expect(await work.run([...MINE_FEW, '--out', 'locked/t.csv'], {unprivileged: true})).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'cv-loss: cannot write locked/t.csv: permission denied; choose another place, or change its permissions\n',
    });
    chmodSync(work.path('locked'), 0o755);
    expect(readdirSync(work.path('locked'))).toEqual(['t.csv']);
    expect(work.read('locked', 't.csv')).toBe('earlier');
  });

  test.each([
    ['gone/t.csv', 'cv-loss: cannot write gone/t.csv: the folder is not there; make it, or choose another place'],
    ['folder', 'cv-loss: cannot write folder: it is a folder; choose another place'],
    ['few.csv/t.csv', 'cv-loss: cannot write few.csv/t.csv: a part of the path is a file, not a folder'],
  ])('%s', async (out, message) => {
    mkdirSync(work.path('folder'), {recursive: true});
    const {code, stdout, stderr} = await work.run([...MINE_FEW, '--out', out]);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(work.contents()).not.toContain('work/gone');
  });
});
