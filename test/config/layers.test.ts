import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {resolveConfig} from '../../src/config/resolve.js';
import {bothInputs, mistakeOf, resolveText, usageMessage} from './resolving.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cv-loss-config-'));
});
afterEach(() => rm(folder, {recursive: true}));

test('without a config: the default losses, report and formats', async () => {
  const config = await resolveConfig({cwd: '/data', flags: bothInputs});
  expect(config.losses.map(({id, weight, undefined: policy}) => [id, weight, policy])).toEqual([
    ['mse', undefined, 'skip'],
    ['mae', undefined, 'skip'],
    ['psnr', undefined, 'skip'],
    ['ssim', undefined, 'skip'],
  ]);
  expect(config.report).toEqual({
    dir: '/data/cv-loss-report',
    formats: ['csv', 'json'],
    heatmaps: null,
    gallery: 8,
    assets: 'inline',
  });
  expect(config.image).toEqual({
    color: 'auto',
    alpha: 'error',
    size: 'strict',
    orient: true,
    icc: 'ignore',
    page: null,
    max_pixels: 64_000_000,
    max_seconds: 300,
  });
  expect(config).toMatchObject({
    task: 'photo',
    pairs: null,
    group_by: null,
    allow_missing: false,
    device: 'auto',
    batch_size: null,
  });
});

test('a program chooses the report that is written by default', async () => {
  const config = await resolveConfig({cwd: '/data', flags: bothInputs, defaultReportDir: null});
  expect(config.report.dir).toBeNull();
});

test('flag before --set before file before default', async () => {
  const text = 'batch_size: 2\ndevice: cpu\ngroup_by: "{dir}"\nlosses: [mse]';
  const config = await resolveText(text, {
    flags: {...bothInputs, batch_size: 4},
    set: ['batch_size=3', 'device=tensorflow'],
  });
  expect(config).toMatchObject({batch_size: 4, device: 'tensorflow', group_by: '{dir}', allow_missing: false});
});

test('maps merge key by key, lists replace each other', async () => {
  const text = 'image: {color: grey, size: crop}\ninputs: {pred: a, weight: w}\nlosses: [mse, mae]';
  const config = await resolveText(text, {
    flags: {inputs: {pred: 'b', target: 't'}, image: {size: [4, 8]}, losses: ['ssim']},
  });
  expect(config.inputs).toEqual({pred: '/data/b', target: '/data/t', weight: '/data/w'});
  expect(config.image).toMatchObject({color: 'grey', size: [4, 8]});
  expect(config.losses.map(({id}) => id)).toEqual(['ssim']);
});

test('paths are relative to where they were written', async () => {
  const text =
    'inputs: {pred: out/*.png, target: ../truth}\npairs: p.csv\nreport: {dir: r}\nlosses: [{type: mse, id: a}]';
  await writeFile(join(folder, 'c.yaml'), text);
  const file = join(folder, 'c.yaml');
  const fromFile = await resolveConfig({file, cwd: '/data'});
  expect(fromFile.inputs).toEqual({pred: join(folder, 'out/*.png'), target: join(folder, '../truth')});
  expect([fromFile.pairs, fromFile.report.dir]).toEqual([join(folder, 'p.csv'), join(folder, 'r')]);
  const mixed = await resolveConfig({
    file,
    cwd: '/data',
    set: ['inputs.target=t'],
    flags: {inputs: {pred: '/abs/[a-z]*'}, pairs: '-', report: {dir: 'mine'}},
  });
  expect(mixed.inputs).toEqual({pred: '/abs/[a-z]*', target: '/data/t'});
  expect([mixed.pairs, mixed.report.dir]).toEqual(['-', '/data/mine']);
});

test.each(['cv-loss.yaml', 'cv-loss.yml', 'cv-loss.json'])('%s is found', async (name) => {
  await writeFile(join(folder, name), '{"losses": ["mae"]}');
  const found = await resolveConfig({cwd: folder, flags: bothInputs, discover: true});
  expect(found.losses.map(({id}) => id)).toEqual(['mae']);
  const unasked = await resolveConfig({cwd: folder, flags: bothInputs});
  expect(unasked.losses).toHaveLength(4);
});

test('a mistake in a found file names the file', async () => {
  await writeFile(join(folder, 'cv-loss.yml'), 'losses: [mse]\ndevice: gpu');
  expect(await usageMessage(resolveConfig({cwd: folder, discover: true}))).toBe(
    "cv-loss.yml:2:9: device: expected auto, cpu, tensorflow or webgpu, got 'gpu'",
  );
});

test('two config files in the folder are refused, unless one is named', async () => {
  await writeFile(join(folder, 'cv-loss.yaml'), 'losses: [mse]');
  await writeFile(join(folder, 'cv-loss.json'), '{"losses": ["mae"]}');
  expect(await usageMessage(resolveConfig({cwd: folder, flags: bothInputs, discover: true}))).toBe(
    'cv-loss.yaml and cv-loss.json both lie in this folder; keep one, or name it with --config',
  );
  const named = await resolveConfig({cwd: folder, file: 'cv-loss.json', flags: bothInputs, discover: true});
  expect(named.losses.map(({id}) => id)).toEqual(['mae']);
});

test('a mistake in a flag names the flag, one in a program its path', async () => {
  const flags = {...bothInputs, batch_size: 0};
  const message = 'expected a number of at least 1, got 0';
  expect(await mistakeOf('losses: [mse]', {flags})).toBe(`--batch-size: ${message}`);
  expect(await mistakeOf('losses: [mse]', {flags, from: 'options'})).toBe(`options: batch_size: ${message}`);
  expect(await mistakeOf('losses: [mse]', {flags: {...bothInputs, losses: ['mes']}})).toMatch(
    /^--losses: unknown loss 'mes'/,
  );
  expect(await mistakeOf('losses: [mse]', {flags: {...bothInputs, report: {formats: ['xml']}}})).toMatch(
    /^--report-format: report.formats.0: expected csv, jsonl, parquet, json, html, junit, openmetrics, markdown or metrics, got 'xml'/,
  );
});
