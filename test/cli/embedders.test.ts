import {afterAll, describe, expect, test} from 'vitest';
import type {Report} from '../../src/report/report.js';
import {ONNX, onnxModel} from '../models/onnx-file.js';
import {type Files, smallGraph, smallLayers, smallOnnx} from '../models/small-model.js';
import {external, twoOutputs, unknownOperator} from '../models/wrong-files.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

const SUBJECTS = ['ann', 'bob', 'eve'];

/** Three pictures each of three subjects, of a size that the model does not take. */
async function writePictures(folder: string): Promise<void> {
  for (const [s, subject] of SUBJECTS.entries()) {
    for (let n = 0; n < 3; n++) {
      const data = Uint8Array.from({length: 20 * 14 * 3}, (_, i) => (i * (31 + 8 * s) + 40 * s + 17 * n) % 256);
      await work.image(`${folder}/faces/${subject}/${n}.png`, {height: 20, width: 14, channels: 3, data});
    }
  }
}

function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) work.write(`${folder}/${name}`, content);
}

async function reportOf(folder: string, config: string, flags: readonly string[] = []): Promise<Report> {
  work.write(`${folder}/cv-loss.yaml`, config);
  const args = ['eval', '--config', 'cv-loss.yaml', '--quiet', ...flags];
  expect(await work.run(args, {cwd: work.path(folder)})).toEqual({code: 0, stdout: '', stderr: ''});
  return work.json(folder, 'cv-loss-report', 'report.json') as Report;
}

const LOSSES = 'losses: [triplet, {type: contrastive, id: pairs}, info-nce]\n';
const FROM = (model: string) =>
  `embeddings: {model: ${model}, images: faces, labels: folder, mean: [0.485, 0.456, 0.406], std: 0.25}\n${LOSSES}`;

/** The numbers of a report that two models must agree on. */
function numbers({summary}: Report): number[] {
  return ['triplet', 'pairs', 'info-nce'].map((column) => Number(summary[column]?.value));
}

describe.concurrent('an embedder', () => {
  test('as ONNX, graph and layers model gives the same losses', async () => {
    const made: Report[] = [];
    for (const [folder, files, model] of [
      ['onnx', {'m.onnx': smallOnnx()}, 'm.onnx'],
      ['graph', smallGraph(), 'model.json'],
      ['layers', smallLayers(), 'model.json'],
    ] as const) {
      await writePictures(folder);
      writeFiles(folder, files);
      made.push(await reportOf(folder, FROM(model)));
    }
    const [first, ...others] = made;
    for (const other of others) {
      numbers(other).forEach((value, i) => {
        const wanted = numbers(first as Report)[i] as number;
        expect(Math.abs(value - wanted)).toBeLessThan(1e-4 * Math.abs(wanted));
      });
    }
    expect(first).toMatchObject({
      counts: {samples: 9, ok: 9, failed: 0},
      config: {embeddings: {model: 'm.onnx', images: 'faces', labels: 'folder', std: 0.25, size: null}},
      inputs: {roots: {model: 'm.onnx', images: 'faces'}},
    });
    expect(first?.device.versions).toHaveProperty('onnxruntime-node');
    expect([...work.rows('onnx/cv-loss-report').keys()]).toEqual(
      SUBJECTS.flatMap((subject) => [0, 1, 2].map((n) => `${subject}/${n}`)),
    );
  });

  test('of a value inside of the model, by its name', async () => {
    const made: number[][] = [];
    for (const [name, files, model] of [
      ['onnx', {'m.onnx': smallOnnx()}, 'm.onnx'],
      ['graph', smallGraph(), 'model.json'],
      ['layers', smallLayers(), 'model.json'],
    ] as const) {
      const folder = `inside-${name}`;
      await writePictures(folder);
      writeFiles(folder, files);
      const report = await reportOf(folder, FROM(model), [
        '--set',
        'embeddings.output=pooled',
        '--save-embeddings',
        'e.csv',
      ]);
      expect(work.read(folder, 'e.csv').split('\n')[1]?.split(',')).toHaveLength(2 + 6);
      made.push(numbers(report));
    }
    for (const other of made.slice(1)) expect(other).toEqual(made[0]?.map((value) => expect.closeTo(value, 5)));
  });

  test.each(['npy', 'csv'])('saved as .%s and read back: the same rows', async (extension) => {
    const folder = `saved-${extension}`;
    await writePictures(folder);
    writeFiles(folder, {'m.onnx': smallOnnx()});
    await reportOf(folder, FROM('m.onnx'), ['--save-embeddings', `kept/e.${extension}`]);
    const rows = work.read(folder, 'cv-loss-report', 'rows.csv');
    const labels = extension === 'npy' ? ', labels: kept/e.labels.csv' : '';
    await reportOf(folder, `embeddings: {file: kept/e.${extension}${labels}}\n${LOSSES}`);
    expect(work.read(folder, 'cv-loss-report', 'rows.csv')).toBe(rows);
  });

  test('labels from a CSV, and a manifest that names images', async () => {
    await writePictures('manifest');
    const keys = SUBJECTS.flatMap((subject) => [0, 1, 2].map((n) => `${subject}/${n}`));
    writeFiles('manifest', {
      'm.onnx': smallOnnx(),
      'l.csv': `key,label\n${keys.map((key) => `${key},${key.slice(0, 3)}`).join('\n')}\n`,
      't.csv': 'anchor,positive,negative\nann/0,ann/1,bob/0\n',
    });
    const config =
      'embeddings: {model: m.onnx, images: faces, labels: l.csv}\nlosses: [triplet, {type: triplet, id: one, tuples: t.csv}]';
    const {summary} = await reportOf('manifest', config);
    expect(summary.triplet?.count).toBe(9 * 2 * 6);
    expect(summary.one).toMatchObject({count: 1});
  });

  test('two sets of images', async () => {
    await writePictures('two');
    writeFiles('two', {'m.onnx': smallOnnx()});
    const config = 'embeddings: {model: m.onnx, real: faces, fake: "faces/*/*.png"}\nlosses: [frechet-distance]';
    const {summary, inputs} = await reportOf('two', config);
    expect(Math.abs(Number(summary['frechet-distance']?.value))).toBeLessThan(1e-9);
    expect(inputs.roots).toMatchObject({model: 'm.onnx', real: 'faces'});
  });

  test('a broken picture is a failed row, and the others count', async () => {
    await writePictures('broken');
    writeFiles('broken', {'m.onnx': smallOnnx(), 'faces/bob/3.png': 'no picture', 'cv-loss.yaml': FROM('m.onnx')});
    const {code, stderr} = await work.run(['eval', '--quiet'], {cwd: work.path('broken')});
    expect(code).toBe(3);
    expect(stderr).toMatch(/^cv-loss: bob\/3: not-an-image: images: faces\/bob\/3\.png: its content is text[^\n]*\n$/);
    const rows = work.rows('broken/cv-loss-report');
    expect(rows.size).toBe(10);
    expect(rows.get('bob/3')).toMatchObject({status: 'failed', triplet: ''});
    expect((work.json('broken', 'cv-loss-report', 'report.json') as Report).counts).toMatchObject({ok: 9, failed: 1});
  });
});

/** log of a picture that is black somewhere; a map in place of a vector; any size. */
const maps = (operator: string, size: readonly (number | string)[] = [8, 8]) =>
  onnxModel({
    nodes: [{operator, inputs: ['image'], outputs: ['out']}],
    inputs: [{name: 'image', element: ONNX.float, shape: ['n', 3, ...size]}],
    outputs: [{name: 'out', element: ONNX.float}],
  });

const nothing = onnxModel({
  nodes: [
    {operator: 'ReduceMean', inputs: ['image'], outputs: ['mean'], attributes: {axes: [2, 3], keepdims: 0}},
    {operator: 'Sub', inputs: ['mean', 'mean'], outputs: ['zero']},
    {operator: 'Div', inputs: ['zero', 'zero'], outputs: ['out']},
  ],
  inputs: [{name: 'image', element: ONNX.float, shape: ['n', 3, 8, 8]}],
  outputs: [{name: 'out', element: ONNX.float}],
});

describe.concurrent('wrong input is one line and exit 2', () => {
  const cases: readonly [string, Files, string, string][] = [
    ['no model', {}, '', 'model m.onnx cannot be read: no such file'],
    [
      'a map for a vector',
      {'m.onnx': maps('Relu')},
      '',
      "its output 'out' has the shape [3, 8, 8] for an image, expected a vector",
    ],
    [
      'NaN',
      {'m.onnx': nothing},
      '',
      "model m.onnx gives NaN at value 0 (from 0) of its output 'out', expected finite numbers",
    ],
    [
      'labels for others',
      {'m.onnx': smallOnnx(), 'l.csv': 'key,label\nann/0,ann\n'},
      'labels: l.csv',
      'l.csv: no label for 8 of the 9 items of faces',
    ],
    ['no images', {'m.onnx': smallOnnx(), 'empty/x.txt': ''}, 'images: empty', 'images: no image files in'],
    [
      'an output that is not there',
      {'m.onnx': smallOnnx()},
      'output: logits',
      "model m.onnx has no output 'logits'; expected embedding",
    ],
    [
      'an output mistyped',
      {'m.onnx': smallOnnx()},
      'output: poold',
      "model m.onnx has no output 'poold'; did you mean 'pooled'?",
    ],
    [
      'several outputs and none named',
      {'m.onnx': twoOutputs},
      '',
      'model m.onnx has 2 outputs (out, other); say which: output: NAME',
    ],
    [
      'another rank',
      {'m.onnx': maps('Relu', [8])},
      '',
      "model m.onnx: its input 'image' has the shape [any, 3, 8], expected the four axes of images",
    ],
    ['an unknown operator', {'m.onnx': unknownOperator}, '', 'model m.onnx cannot be loaded: '],
    [
      'an unknown operator of TensorFlow',
      smallGraph({last: 'Blur'}),
      'model: model.json',
      "model model.json cannot be run on an input of [1, 8, 8, 3]: TensorFlow.js does not know its operator 'Blur'; convert",
    ],
    [
      'external data missing',
      {'m.onnx': external('w.bin')},
      '',
      "m.onnx: external data 'w.bin' is missing; put it beside the model",
    ],
    [
      'external data outside',
      {'m.onnx': external('../w.bin')},
      '',
      "m.onnx: external data '../w.bin' lies outside the model's folder",
    ],
    [
      'weights that climb out of a graph model',
      smallGraph({path: '../weights.bin'}),
      'model: model.json',
      "model.json: weights '../weights.bin' lies outside the model's folder",
    ],
    [
      'weights that climb out of a layers model',
      smallLayers({path: 'a/../../weights.bin'}),
      'model: model.json',
      "model.json: weights 'a/../../weights.bin' lies outside the model's folder",
    ],
    [
      'maps of any size',
      {'m.onnx': maps('Relu', ['h', 'w'])},
      '',
      'no image can be used: ann/0: model m.onnx: its output',
    ],
  ];
  test.each(cases)('%s', async (name, files, said, message) => {
    const folder = `wrong-${name.replaceAll(' ', '-')}`;
    await writePictures(folder);
    writeFiles(folder, files);
    const keys = {
      model: 'm.onnx',
      images: 'faces',
      labels: 'folder',
      ...Object.fromEntries(said === '' ? [] : [said.split(': ')]),
    };
    work.write(`${folder}/cv-loss.yaml`, `embeddings: ${JSON.stringify(keys)}\n`);
    const {code, stdout, stderr} = await work.run(['eval'], {cwd: work.path(folder)});
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});
