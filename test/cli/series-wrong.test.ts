import {cpSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {finished, startCvLoss} from './cv-loss.js';
import {bestOf, contentsOf, EPOCHS, PHOTOS, SERIES, seriesOf, writeEpochs} from './epochs.js';
import {flat} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

beforeAll(() => writeEpochs(work));

describe('sets with something wrong', () => {
  beforeAll(async () => {
    for (const epoch of EPOCHS) cpSync(work.path('runs', epoch), work.path('wrong', epoch), {recursive: true});
    work.write('wrong/epoch-10/out/003.png', 'no image');
  });

  const WRONG = ['eval', '--series', 'wrong/epoch-*/out', '--target', 'truth', '--losses', 'ssim'];

  test('a sample that cannot be scored: exit 3 whatever the gates say, the line names the set, which is not the best', async () => {
    const {code, stdout, stderr} = await work.run([...WRONG, '--report', 'failed', '--gate', 'ssim.mean>=0.9']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^cv-loss: epoch-10: 003: not-an-image: pred: wrong\/epoch-10\/out\/003\.png: .*\n$/);
    expect(stdout).toContain('scored fewer samples than the others, so never named best: epoch-10\n');
    expect(stdout).toMatch(/^epoch-1: gate failed: ssim\.mean: expected at least 0\.9; got /m);
    expect(bestOf(seriesOf(work, 'failed'))).toEqual({ssim: ['epoch-11']});
    expect(work.json('failed', 'epoch-10', 'report.json')).toMatchObject({counts: {samples: 3, ok: 2, failed: 1}});
  });

  test('a target that cannot be read fails its sample in every set, and is not read again', async () => {
    for (const key of PHOTOS)
      work.write(`bad/${key}.png`, key === '003' ? 'no image' : readFileSync(work.path('truth', `${key}.png`)));
    const run = await work.run([
      'eval',
      '--series',
      'runs/epoch-*/out',
      '--target',
      'bad',
      '--losses',
      'mse',
      '--report',
      'badly',
    ]);
    expect(run.code).toBe(3);
    expect(run.stderr.match(/^cv-loss: epoch-\d+: 003: not-an-image: target: bad\/003\.png: /gm)).toHaveLength(4);
    expect(bestOf(seriesOf(work, 'badly'))).toEqual({mse: ['epoch-10']});
    expect(work.json('badly', 'timing.json')).toMatchObject({files_decoded: 15});
  });

  test('a gate that fails in one set: exit 1', async () => {
    const {code, stdout} = await work.run([
      ...SERIES,
      '--losses',
      'psnr',
      '--report',
      'gated',
      '--gate',
      'psnr.mean>=26',
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^epoch-1: gate failed: psnr\.mean: expected at least 26; got /m);
    expect(stdout).toContain('epoch-10: 1 gate passed\n');
    expect(seriesOf(work, 'gated').sets.map(({gates}) => gates.failed > 0)).toEqual([true, false, false, false]);
    expect(await work.run([...SERIES, '--losses', 'psnr', '--no-report', '--gate', 'psnr.mean>=1'])).toMatchObject({
      code: 0,
    });
  });

  test('missing and extra keys: a line for each set, exit 2, nothing written; --allow-missing scores what pairs', async () => {
    for (const epoch of EPOCHS) cpSync(work.path('runs', epoch), work.path('gaps', epoch), {recursive: true});
    await work.image('gaps/epoch-1/out/extra.png', flat(9, 80, 96));
    const gaps = ['eval', '--series', 'gaps/epoch-*/out', '--target', 'truth', '--losses', 'mse', '--report', 'gapped'];
    await work.shell('rm gaps/epoch-10/out/000.png');
    const refused = await work.run(gaps);
    expect(refused).toMatchObject({code: 2, stdout: ''});
    expect(refused.stderr.split('\n')).toEqual([
      'cv-loss: epoch-1: the inputs do not pair: 1 key of pred not in target (extra); to leave out what has no partner, use --allow-missing',
      'cv-loss: epoch-10: the inputs do not pair: 1 key of target not in pred (000); to leave out what has no partner, use --allow-missing',
      '',
    ]);
    expect(readdirSync(work.path())).not.toContain('gapped');
    const allowed = await work.run([...gaps, '--allow-missing']);
    expect(allowed).toMatchObject({code: 0, stderr: ''});
    expect(allowed.stdout).toMatch(/^4 sets · 3 samples \(2 in all sets\) · /);
    const series = seriesOf(work, 'gapped');
    expect(series.sets.map(({counts, missing, complete}) => [counts.samples, missing, complete])).toEqual([
      [3, 1, true],
      [3, 0, true],
      [2, 1, false],
      [3, 0, true],
    ]);
    expect(bestOf(series)).toEqual({mse: ['epoch-11']});
    // Every set has the rows of a run of its own.
    for (const epoch of EPOCHS) {
      await work.run([
        'eval',
        '--pred',
        `gaps/${epoch}/out`,
        ...gaps.slice(3, -2),
        '--allow-missing',
        '--report',
        `gap/${epoch}`,
      ]);
      expect(contentsOf(work, `gapped/${epoch}`)).toEqual(contentsOf(work, `gap/${epoch}`));
    }
  });

  test.each([
    [
      ['--series', 'runs/*/out', '--target', 'nowhere'],
      'cv-loss: target: cannot read ROOT/nowhere: no such file or directory (ENOENT)\n',
    ],
    [['--series', 'runs/ep-*/out'], 'cv-loss: series: no directory matches ROOT/runs/ep-*/out\n'],
    [
      ['--series', 'runs/epoch-1/out/000.png'],
      'cv-loss: series: ROOT/runs/epoch-1/out/000.png is a file; expected a directory of predictions, or a glob that matches several\n',
    ],
    [
      ['--series', 'runs/epoch-1/out/*'],
      'cv-loss: series: no directory matches ROOT/runs/epoch-1/out/*; it matches files, such as ROOT/runs/epoch-1/out/000.png: name their directories\n',
    ],
    [
      ['--series', 'runs/*/out', '--pred', 'runs/epoch-1/out'],
      'cv-loss: --pred: a series names the predictions too, expected one of inputs.pred and series\n',
    ],
    [
      ['--series', 'runs/*/out', '--baseline', 'b', '--update-baseline'],
      'cv-loss: --update-baseline: a series has several reports, expected a run of the one set that is to be the baseline\n',
    ],
    [
      ['--series', 'runs/*/out', '--baseline', 'cv-loss-report/epoch-1'],
      "cv-loss: baseline cv-loss-report/epoch-1 is where this run's report goes; give --report another directory\n",
    ],
  ])('%s is refused in a line', async (args, line) => {
    const {code, stdout, stderr} = await work.run(['eval', '--target', 'truth', ...args]);
    expect({code, stdout, stderr}).toEqual({code: 2, stdout: '', stderr: line.replaceAll('ROOT', work.path())});
  });
});

describe('reports of before', () => {
  /** Loaded before the program: the last file of the last set is /dev/full, or every place but the first. */
  const PRELOAD = `import fs from 'node:fs/promises';
const {open} = fs;
fs.open = (path, flags) => (flags === 'wx' && path.includes('epoch-2/.report') ? open('/dev/full', 'w') : open(path, flags));
`;

  test('stay as they were, of all sets, when one set cannot be written', async () => {
    work.write('full.mjs', PRELOAD);
    const args = [...SERIES, '--quiet', '--report', 'kept'];
    expect(await work.run([...args, '--losses', 'mse'])).toMatchObject({code: 0});
    const earlier = contentsOf(work, 'kept');
    const run = await work.run([...args, '--losses', 'mae'], {
      env: {NODE_OPTIONS: `--import=${work.path('full.mjs')}`},
    });
    expect(run).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^cv-loss: disk-full: .*epoch-2.report\.json: .*\n$/m),
    });
    // Beside them are the rows that the same command goes on with.
    const reports = Object.entries(contentsOf(work, 'kept')).filter(([name]) => !name.endsWith('rows.journal'));
    expect(Object.fromEntries(reports)).toEqual(earlier);
  });

  test('an interruption leaves none, and the same command ends with those of a run that went through', async () => {
    for (let i = 0; i < 150; i++) {
      for (const [side, from] of Object.entries({a: 'runs/epoch-1/out', b: 'runs/epoch-2/out', truth: 'truth'})) {
        mkdirSync(work.path('long', side), {recursive: true});
        cpSync(work.path(from, '000.png'), work.path('long', side, `${i}.png`));
      }
    }
    const args = ['eval', '--series', 'long/{a,b}', '--target', 'long/truth', '--losses', 'mse,gmsd', '--quiet'];
    const child = startCvLoss([...args, '--report', 'stopped'], work.surroundings());
    const end = finished(child);
    const begun = () => work.contents().some((name) => name.startsWith('work/stopped/b/'));
    while (child.exitCode === null && !begun()) await sleep(20);
    child.kill('SIGINT');
    expect(await end).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/interrupted; no report was written\n$/),
    });
    const reports = () => work.contents().filter((name) => /^work\/stopped\/.*(csv|json)$/.test(name));
    expect(reports()).toEqual([]);
    expect(await work.run([...args, '--report', 'stopped'])).toMatchObject({code: 0});
    expect(await work.run([...args, '--report', 'through'])).toMatchObject({code: 0});
    expect(contentsOf(work, 'stopped')).toEqual(contentsOf(work, 'through'));
  });
});
