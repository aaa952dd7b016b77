import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Ajv} from 'ajv';
import {describe, expect, test} from 'vitest';
import {type Report, reportJsonSchema, reportSchema} from '../../src/report/report.js';
import type {Row} from '../../src/rows/row.js';
import {scratchFolder} from '../storage/scratch.js';
import {reportOf} from './report-of.js';
import {row} from './rows.js';
import {writeReport} from './written.js';

const validate = new Ajv({strict: true, allErrors: true, allowUnionTypes: true}).compile(reportJsonSchema());

const ROWS: readonly Row[] = [
  row('a', [1, Number.NEGATIVE_INFINITY, 1], {group: 'x'}),
  row('b', [2, 'n/a', {undefined: 'empty'}], {group: '__proto__', status: 'undefined', reason: 'total: empty'}),
  row('c', [null, null, null], {group: 'x', status: 'failed', reason: 'unreadable-file: pred: no: such file'}),
  row('d', [Number.POSITIVE_INFINITY, 'n/a', 1], {group: 'x', status: 'failed', reason: 'by hand'}),
];

async function written(rows: readonly Row[]): Promise<{text: string; value: Report}> {
  const dir = scratchFolder();
  await writeReport(dir, rows, ['csv', 'json']);
  const text = readFileSync(join(dir, 'report.json'), 'utf8');
  return {text, value: JSON.parse(text)};
}

test.each([
  ['no rows', []],
  ['all kinds of rows', ROWS],
])('%s: the written report is as its schema says', async (_, rows) => {
  const {value} = await written(rows);
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
});

test('the schema is draft-07 and refuses what is not a report', async () => {
  expect(reportJsonSchema().$schema).toBe('http://json-schema.org/draft-07/schema#');
  const {text} = await written(ROWS);
  const corruptions: ((report: Report) => unknown)[] = [
    (report) => Object.assign(report, {extra: 1}),
    (report) => Object.assign(report, {schema: 'cv-loss-report/2'}),
    (report) => Reflect.deleteProperty(report, 'counts'),
    (report) => Object.assign(report.counts, {ok: -1}),
    (report) => Object.assign(report.summary.mse ?? {}, {mean: 'Infinity'}),
    (report) => Object.assign(report.summary.mse ?? {}, {ci95: [1]}),
    (report) => Reflect.deleteProperty(report.groups.x?.mse ?? {}, 'count'),
    (report) => Object.assign(report.losses, {ssim: {type: 'ssim', better: 'up'}}),
    (report) => Object.assign(report.inputs, {hash: 'abc'}),
    (report) => Object.assign(report, {gates: [{}]}),
    (report) => Object.assign(report, {failures: Array(1001).fill({key: 'k', code: 'c', message: 'm'})}),
  ];
  for (const corrupt of corruptions) {
    const report = JSON.parse(text);
    corrupt(report);
    expect(validate(report), corrupt.toString()).toBe(false);
  }
});

test('what report.json says', async () => {
  const {value} = await written(ROWS);
  expect(value).toMatchObject({
    schema: 'cv-loss-report/1',
    version: '1.2.3',
    config: {task: 'photo', losses: [{type: 'mse', weight: 2}]},
    inputs: {roots: {pred: 'out/', target: 'truth/'}, count: 4, missing: 0},
    counts: {samples: 4, ok: 1, undefined: 1, failed: 2},
    losses: {mse: {type: 'mse', better: 'lower', weight: 2, prepared: {weights: [1, 'inf']}}},
    failure_count: 2,
    failures: [
      {key: 'c', code: 'unreadable-file', message: 'pred: no: such file'},
      {key: 'd', code: 'unknown', message: 'by hand'},
    ],
    gates: [],
  });
  expect(value.summary.mse).toMatchObject({mean: 1.5, infinite: 1, dataset: 'inf', list: [0, 0]});
  expect(value.summary['-odd.part_1']).toMatchObject({mean: '-inf', std: null, count: 1});
  expect(Object.keys(value.summary)).toEqual(['mse', '-odd.part_1', 'total']);
  expect(Object.keys(value.groups)).toEqual(['__proto__', 'x']);
});

test('the same rows give the same bytes; other bytes scored give another hash', async () => {
  expect((await written(ROWS)).text).toBe((await written(ROWS)).text);
  const swapped = (sha256: Record<string, string>) => reportOf([row('a', [1], {sha256})]).inputs.hash;
  expect(swapped({pred: 'a', target: 'b'})).toBe(swapped({target: 'b', pred: 'a'}));
  expect(swapped({pred: 'a', target: 'b'})).not.toBe(swapped({pred: 'b', target: 'a'}));
  expect(reportOf([row('b', [1])]).inputs.hash).not.toBe(reportOf([row('a', [1])]).inputs.hash);
});

test('files that serve all rows are in the hash', () => {
  const hashOf = (sources: Record<string, string>) => reportOf([row('a', [1])], {sources}).inputs.hash;
  expect(hashOf({embeddings: 'a', labels: 'b'})).toBe(hashOf({labels: 'b', embeddings: 'a'}));
  expect(hashOf({embeddings: 'a', labels: 'b'})).not.toBe(hashOf({embeddings: 'b', labels: 'a'}));
  expect(hashOf({})).toBe(reportOf([row('a', [1])]).inputs.hash);
});

test('a thousand failures are listed, all are counted', () => {
  const rows = Array.from({length: 1200}, (_, i) => row(`k${i}`, [null], {status: 'failed', reason: 'x: y'}));
  const report = reportOf(rows);
  expect(report.failure_count).toBe(1200);
  expect(report.failures).toHaveLength(1000);
  expect(report.failures[999]).toEqual({key: 'k999', code: 'x', message: 'y'});
});

describe('networks', () => {
  const network = {
    network: 'vgg19',
    weights: 'vgg19.safetensors',
    weights_sha256: 'ab'.repeat(32),
    preprocessing: {order: 'rgb', scale: 1, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]},
    pooling: 'average',
    executor: 'onnxruntime',
    threads: 4,
  } as const;

  test('are there when a loss used some', () => {
    const other = {...network, executor: 'tfjs', threads: null};
    const report = reportOf(ROWS, {networks: [network, other]});
    expect(report.networks).toEqual([network, other]);
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(reportOf(ROWS)).not.toHaveProperty('networks');
    expect(reportOf(ROWS, {networks: []})).not.toHaveProperty('networks');
  });

  test('may be a model of the user’s own', () => {
    const {pooling, ...rest} = network;
    const preprocessing = {order: 'grey', scale: 2, mean: [1], std: [1], size: [48, 40]} as const;
    const own = {...rest, network: 'nets/net.onnx', weights: 'net.onnx', preprocessing};
    const report = reportOf(ROWS, {networks: [own]});
    expect(report.networks).toEqual([own]);
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    {weights_sha256: 'ab'},
    {pooling: 'mean'},
    {threads: 0},
    {preprocessing: {...network.preprocessing, mean: [0, 0]}},
    {preprocessing: {...network.preprocessing, extra: 1}},
    {extra: 1},
  ])('%j is refused', (wrong) => {
    expect(validate({...reportOf(ROWS), networks: [{...network, ...wrong}]})).toBe(false);
    expect(reportSchema.safeParse({...reportOf(ROWS), networks: [{...network, ...wrong}]}).success).toBe(false);
  });

  test('none is not a list of none', () => {
    expect(validate({...reportOf(ROWS), networks: []})).toBe(false);
  });
});
