import {expect, test} from 'vitest';
import {plainConfig, resolveConfig} from '../../src/config/resolve.js';
import {mistakeOf, resolveText, usageMessage} from './resolving.js';

const target = {flags: {inputs: {target: 'truth'}}};

test('a glob or a list, from where it is written; predictions need no other input', async () => {
  const {series, inputs} = await resolveText('series: runs/epoch-*/out\ninputs: {target: truth}', {flags: {}});
  expect({series, inputs}).toEqual({series: ['/data/runs/epoch-*/out'], inputs: {target: '/data/truth'}});
  expect((await resolveText('series: [a, ../b]', target)).series).toEqual(['/data/a', '/b']);
  const flags = {...target.flags, series: ['mine/*']};
  expect((await resolveText('series: [a, b, c]', {flags})).series).toEqual(['/data/mine/*']);
  expect((await resolveText('losses: [mse]')).series).toBeNull();
});

test('a flag takes the place of what a config file says of the predictions, one set or several', async () => {
  const series = await resolveText('inputs: {pred: old, target: truth}', {flags: {series: ['runs/*']}});
  expect(series).toMatchObject({series: ['/data/runs/*'], inputs: {target: '/data/truth'}});
  expect(series.inputs).not.toHaveProperty('pred');
  const one = await resolveText('series: runs/*\ninputs: {target: truth}', {flags: {inputs: {pred: 'new'}}});
  expect(one).toMatchObject({series: null, inputs: {pred: '/data/new', target: '/data/truth'}});
});

test('it is no part of the record of a config, whose sets have one of their own', async () => {
  const config = await resolveText('series: runs/*', target);
  expect(JSON.stringify(plainConfig(config, '/data'))).not.toContain('series');
});

test.each([
  ['series: 3', '<stdin>:1:9: series: expected a directory or glob, or a list of them, got 3'],
  ['series: []', '<stdin>:1:9: series: expected a list that is not empty, got an empty list'],
  ["series: ['']", "<stdin>:1:10: series.0: expected text that is not empty, got ''"],
  [
    'series: a\ninputs: {pred: b}',
    '<stdin>:2:10: a series names the predictions too, expected one of inputs.pred and series',
  ],
  [
    'series: a\npairs: p.csv',
    '<stdin>:2:1: a manifest names the predictions of one set, expected a directory or glob for each role of a series',
  ],
  [
    'series: a\nbaseline: {dir: b, update: true}',
    '<stdin>:2:20: a series has several reports, expected a run of the one set that is to be the baseline',
  ],
])('%s', async (text, message) => {
  expect(await mistakeOf(text, target)).toBe(message);
});

test.each([
  ['cycle', 'several prediction sets have one target, and task cycle pairs two sets; score them one by one'],
  ['embedding', 'series: task embedding reads embeddings, and no images; remove one of the two'],
  ['adversarial', 'series: task adversarial reads scores, and no images; remove one of the two'],
])('task %s has no series', async (task, text) => {
  const sources = {
    cycle: 'inputs: {real_a: a, rec_a: b}',
    embedding: 'embeddings: {file: e.npy, labels: l.csv}',
    adversarial: 'scores: {real: r.csv, fake: f.csv}',
  }[task];
  expect(await mistakeOf(`series: a\ntask: ${task}\n${sources}`, {flags: {}})).toContain(`<stdin>:1:1: ${text}`);
});

test('both flags at once are a mistake', async () => {
  const both = {inputs: {pred: 'a', target: 'b'}, series: ['c/*']};
  expect(await usageMessage(resolveConfig({cwd: '/data', flags: both}))).toBe(
    '--pred: a series names the predictions too, expected one of inputs.pred and series',
  );
});
