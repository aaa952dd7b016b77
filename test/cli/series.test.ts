import {readdirSync} from 'node:fs';
import {parse} from 'csv-parse/sync';
import {evaluate, evaluateSeries, type SeriesReport, UsageError} from 'cv-loss';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {bestOf, contentsOf, EPOCHS, PHOTOS, SERIES, seriesOf, writeEpochs} from './epochs.js';
import {flat, noise} from './pixels.js';
import {type Pixels, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

beforeAll(() => writeEpochs(work));

describe('epochs of rising quality', () => {
  const losses = ['--losses', 'mse,psnr,ssim,perceptual'];

  test('the best is named, in natural order of the epochs, with a mark that is no colour', async () => {
    const {code, stdout, stderr} = await work.run([...SERIES, ...losses]);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^4 sets · 3 samples · device cpu · \d+\.\d s$/);
    const table = lines.filter((line) => line.startsWith('epoch-'));
    expect(table.map((line) => line.split(' ')[0])).toEqual(EPOCHS);
    expect(table.map((line) => line.match(/\d\*/g)?.length ?? 0)).toEqual([0, 0, 6, 0]);
    expect(stdout).toMatch(/^mse +lower +epoch-10 +[\d.e-]+ +00[037] [\d.e-]+$/m);
    expect(lines).toContain('reports in cv-loss-report');
    expect(stdout).not.toContain('\u001b');
    const series = seriesOf(work);
    expect(series.samples).toEqual({any: 3, all: 3});
    expect(new Set(Object.values(bestOf(series)).flat())).toEqual(new Set(['epoch-10']));
    expect(series.sets.find(({name}) => name === 'epoch-10')?.best).toEqual([
      'mse',
      'psnr',
      'psnr.dataset',
      'ssim',
      'perceptual',
      'perceptual.fire2',
    ]);
  });

  test('each set has the report of a run of its own, byte for byte', async () => {
    const formats = ['--report-format', 'csv,jsonl,json,junit,openmetrics,markdown,metrics', '--group-by', '{dir}'];
    const rules = ['--gate', 'psnr.mean>=1', '--quiet', ...losses, ...formats];
    expect(await work.run([...SERIES, ...rules, '--report', 'together'])).toMatchObject({code: 0, stdout: ''});
    for (const epoch of EPOCHS) {
      const single = [
        'eval',
        '--pred',
        `runs/${epoch}/out`,
        '--target',
        'truth',
        ...rules,
        '--report',
        `alone/${epoch}`,
      ];
      expect(await work.run(single)).toMatchObject({code: 0});
      expect(contentsOf(work, `together/${epoch}`)).toEqual(contentsOf(work, `alone/${epoch}`));
    }
    expect(readdirSync(work.path('together')).sort()).toEqual(
      [...EPOCHS, 'series.csv', 'series.json', 'series.md', 'timing.json'].sort(),
    );
  });

  test('targets are decoded once and their features computed once', () => {
    const count = PHOTOS.length * (EPOCHS.length + 1);
    expect(work.json('cv-loss-report', 'timing.json')).toMatchObject({files_decoded: count, network_passes: count});
  });

  test('the table as CSV holds the values of the reports', () => {
    const rows = parse(work.read('cv-loss-report', 'series.csv'), {columns: true}) as Record<string, string>[];
    expect(rows.map(({set}) => set)).toEqual(EPOCHS);
    for (const row of rows) {
      const {summary} = work.json('cv-loss-report', row.set ?? '', 'report.json') as {
        summary: Record<string, {value: number}>;
      };
      for (const loss of ['mse', 'psnr', 'ssim', 'perceptual']) expect(Number(row[loss])).toBe(summary[loss]?.value);
    }
  });

  test('--json prints series.json and nothing else; --no-report writes nothing', async () => {
    const {code, stdout, stderr} = await work.run([...SERIES, '--losses', 'mse', '--json', '--report', 'json']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toBe(work.read('json', 'series.json'));
    const before = work.contents();
    expect(await work.run([...SERIES, '--losses', 'mse', '--no-report'])).toMatchObject({code: 0, stderr: ''});
    expect(work.contents()).toEqual(before);
  });

  test('one set is a series too', async () => {
    const {code, stdout} = await work.run([
      'eval',
      '--series',
      'runs/epoch-2/out',
      '--target',
      'truth',
      '--losses',
      'mse',
      '--no-report',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 set · 3 samples · /);
    expect(stdout).toMatch(/^out +\S+\* +3$/m);
  });

  test('from a config file, relative to it; sets named on the command line come before it', async () => {
    work.write(
      'elsewhere/series.yaml',
      "series: ['../runs/epoch-1*/out']\ninputs: {target: ../truth}\nlosses: [mae]\n",
    );
    const config = ['eval', '--config', 'elsewhere/series.yaml', '--json', '--no-report'];
    const names = async (args: readonly string[]) =>
      (JSON.parse((await work.run(args)).stdout) as SeriesReport).sets.map(({name, pred}) => `${name} ${pred}`);
    expect(await names(config)).toEqual(['epoch-1', 'epoch-10', 'epoch-11'].map((name) => `${name} runs/${name}/out`));
    expect(await names([...config, '--series', 'runs/epoch-2/out'])).toEqual(['out runs/epoch-2/out']);
    const one = await work.run([...config, '--pred', 'runs/epoch-2/out']);
    expect(JSON.parse(one.stdout)).toMatchObject({
      schema: 'cv-loss-report/1',
      inputs: {roots: {pred: 'runs/epoch-2/out'}},
    });
  });

  test('from a program', async () => {
    const input = {series: 'runs/epoch-*/out', inputs: {target: 'truth'}, losses: ['mse']};
    const seen: string[] = [];
    const before = work.contents();
    const {series, sets, reportDir} = await evaluateSeries(input, {
      cwd: work.path(),
      onStart: ({rows}) => seen.push(`${rows} rows`),
      onRow: (set, {key}) => seen.push(`${set} ${key}`),
    });
    expect(work.contents()).toEqual(before);
    expect(reportDir).toBeNull();
    expect(series).toEqual(seriesOf(work, 'json'));
    expect(sets.map(({name}) => name)).toEqual(EPOCHS);
    expect(sets[2]?.evaluation.rows.map(({key}) => key)).toEqual(PHOTOS);
    expect(seen).toEqual(['12 rows', ...PHOTOS.flatMap((key) => EPOCHS.map((epoch) => `${epoch} ${key}`))]);
    await expect(evaluate(input, {cwd: work.path()})).rejects.toThrow(UsageError);
    await expect(evaluateSeries({inputs: {pred: 'a', target: 'b'}}, {cwd: work.path()})).rejects.toThrow(
      'series: expected the prediction sets',
    );
  });
});

describe('losses that disagree', () => {
  const levels: Readonly<Record<string, (truth: number, i: number) => number>> = {
    // A small error everywhere has the smaller square, a large one in few places the smaller mean.
    everywhere: (truth) => truth + 10,
    somewhere: (truth, i) => (i % 50 === 0 ? 255 - truth : truth),
    'in-both': (truth, i) => (i % 50 === 0 ? 255 - truth : truth + 10),
  };

  /** The mean over images of the mean error, from the levels alone. */
  const meanError = (change: (truth: number, i: number) => number, power: number) =>
    [0, 1].reduce((sum, seed) => {
      const errors = Array.from(truthOf(seed).data, (truth, i) => Math.abs((change(truth, i) - truth) / 255) ** power);
      return sum + errors.reduce((all, error) => all + error, 0) / errors.length / 2;
    }, 0);

  function truthOf(seed: number): Pixels {
    const {data, ...size} = noise(seed, 20, 30);
    return {...size, data: data.map((level) => Math.min(level, 200) / 2)};
  }

  test('each names its own best set, as brute force over the pixels does', async () => {
    for (const seed of [0, 1]) {
      const truth = truthOf(seed);
      await work.image(`d/truth/${seed}.png`, truth);
      for (const [name, change] of Object.entries(levels)) {
        await work.image(`d/${name}/${seed}.png`, {...truth, data: truth.data.map(change)});
      }
    }
    const args = Object.keys(levels).flatMap((name) => ['--series', `d/${name}`]);
    const {code} = await work.run([
      'eval',
      ...args,
      '--target',
      'd/truth',
      '--losses',
      'mse,mae',
      '--report',
      'd/report',
    ]);
    expect(code).toBe(0);
    const series = seriesOf(work, 'd/report');
    for (const [name, power] of [
      ['mse', 2],
      ['mae', 1],
    ] as const) {
      const errors = Object.entries(levels).map(([set, change]) => ({set, error: meanError(change, power)}));
      const [best] = errors.toSorted((a, b) => a.error - b.error);
      const column = series.columns.find((one) => one.name === name);
      expect(column?.best).toEqual([best?.set]);
      for (const {set, error} of errors) expect(column?.values[set]?.value).toBeCloseTo(error, 9);
    }
    expect(bestOf(series)).toEqual({mse: ['everywhere'], mae: ['somewhere']});
  });
});

test('masks: the first pair decides the task for all sets; a value over the pooled dataset has its own best', async () => {
  const disc = (radius: number): Pixels => ({
    height: 24,
    width: 24,
    channels: 1,
    data: Uint8Array.from({length: 576}, (_, i) =>
      Math.hypot((i % 24) - 12, Math.floor(i / 24) - 12) <= radius ? 255 : 0,
    ),
  });
  // Of a small and a large disc: `small` finds the small one exactly, `large` the large one.
  for (const [set, radii] of Object.entries({truth: [3, 10], 'by/small': [3, 8], 'by/large': [4.5, 10]})) {
    for (const [i, radius] of radii.entries()) await work.image(`m/${set}/${i}.png`, disc(radius));
  }
  const run = await work.run(['eval', '--series', 'm/by/*', '--target', 'm/truth', '--report', 'm/report']);
  expect(run).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^cv-loss: the first pair looks like masks: .*\n$/),
  });
  expect(bestOf(seriesOf(work, 'm/report'))).toMatchObject({iou: ['small'], 'iou.dataset': ['large']});
});

test('a baseline: every set is compared with it, and what differs beside the values is said', async () => {
  const one = ['eval', '--target', 'truth', '--losses', 'mse', '--quiet', '--report', 'baseline'];
  await work.run([...one, '--pred', 'runs/epoch-11/out']);
  const compared = ['--losses', 'mse', '--baseline', 'baseline', '--limit', '1%', '--report', 'compared'];
  const run = await work.run([...SERIES, ...compared]);
  expect(run).toMatchObject({code: 1, stderr: ''});
  for (const epoch of [1, 2]) {
    expect(run.stdout).toMatch(new RegExp(`^epoch-${epoch}: gate failed: mse against the baseline: `, 'm'));
  }
  for (const epoch of [10, 11]) expect(run.stdout).toContain(`\nepoch-${epoch}: 1 gate passed\n`);
  expect(run.stdout).not.toContain('differs');
  await work.run([...one, '--pred', 'runs/epoch-11/out/000.png', '--target', 'truth/000.png']);
  const {stdout} = await work.run([...SERIES, ...compared]);
  expect(stdout).toContain('\nepoch-10: differs from the baseline: pairs: 2 added\n');
});

test('--github: annotations name the set, and the table is the summary of the step', async () => {
  const env = {GITHUB_STEP_SUMMARY: work.path('summary.md')};
  const run = await work.run(
    [...SERIES, '--losses', 'psnr', '--quiet', '--no-report', '--github', '--gate', 'psnr.mean>=26'],
    {env},
  );
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/^::error title=cv-loss gate::epoch-1: psnr\.mean: expected at least 26, got /m);
  expect(run.stderr).toMatch(/^::notice title=cv-loss worst psnr::1\. epoch-1: 00/m);
  expect(work.read('summary.md')).toMatch(/^\| epoch-10 \| [\d.]+ ★ \| /m);
});

test('fifty sets in every format', async () => {
  for (let i = 1; i <= 50; i++) await work.image(`fifty/${i}/a.png`, flat(100 + Math.abs(i - 33), 6, 6));
  await work.image('one/a.png', flat(100, 6, 6));
  const formats = ['--report-format', 'csv,jsonl,parquet,json,junit,openmetrics,markdown,metrics'];
  const run = await work.shell(
    `ulimit -n 1024; cv-loss eval --series 'fifty/*' --target one --losses mse --report of-fifty ${formats.join(' ')}`,
  );
  expect(run).toMatchObject({code: 0, stderr: ''});
  const series = seriesOf(work, 'of-fifty');
  expect(series.sets.map(({name}) => name)).toEqual(Array.from({length: 50}, (_, i) => String(i + 1)));
  expect(bestOf(series)).toEqual({mse: ['33']});
  expect(work.json('of-fifty', 'timing.json')).toMatchObject({rows: 50, files_decoded: 51});
});
