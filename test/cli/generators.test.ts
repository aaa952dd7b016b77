import {readdirSync} from 'node:fs';
import {afterAll, describe, expect, test} from 'vitest';
import type {Report} from '../../src/report/report.js';
import {floats, ONNX, onnxModel} from '../models/onnx-file.js';
import {type Files, values} from '../models/small-model.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

type Matrix = readonly (readonly number[])[];

const IDENTITY: Matrix = [0, 1, 2].map((row) => [0, 1, 2].map((column) => Number(row === column)));
const SIDE = 6;
const COUNT = {a: 3, b: 2};

/** A generator that mixes the colours of each pixel. */
function mixer(matrix: Matrix, {size = [SIDE, SIDE] as readonly (number | string)[], last = ''} = {}): Uint8Array {
  return onnxModel({
    nodes: [
      {
        operator: 'Conv',
        inputs: ['image', 'matrix'],
        outputs: [last ? 'mixed' : 'out'],
        attributes: {kernel_shape: [1, 1]},
      },
      ...(last ? [{operator: last, inputs: ['mixed'], outputs: ['out']}] : []),
    ],
    inputs: [{name: 'image', element: ONNX.float, shape: ['n', 3, ...size]}],
    outputs: [{name: 'out', element: ONNX.float}],
    constants: [floats('matrix', [3, 3, 1, 1], matrix.flat())],
  });
}

/** The same as a layers model of TensorFlow.js. */
function mixerLayers(matrix: Matrix): Files {
  const config = {
    name: 'conv',
    batch_input_shape: [null, SIDE, SIDE, 3],
    dtype: 'float32',
    filters: 3,
    kernel_size: [1, 1],
    use_bias: false,
  };
  const kernel = Float32Array.from([0, 1, 2].flatMap((from) => matrix.map((row) => row[from] as number)));
  const weights = [{name: 'conv/kernel', shape: [1, 1, 3, 3], dtype: 'float32'}];
  const model = {
    format: 'layers-model',
    modelTopology: {
      model_config: {class_name: 'Sequential', config: {name: 'mixer', layers: [{class_name: 'Conv2D', config}]}},
    },
    weightsManifest: [{paths: ['w.bin'], weights}],
  };
  return {'model.json': JSON.stringify(model), 'w.bin': new Uint8Array(kernel.buffer)};
}

const apply = (matrix: Matrix, pixel: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, weight, i) => sum + weight * (pixel[i] as number), 0));

function data(set: 'a' | 'b', n: number): Uint8Array {
  return Uint8Array.from({length: SIDE * SIDE * 3}, (_, i) => 40 + ((i * (set === 'a' ? 29 : 53) + 61 * n) % 150));
}

/** The pixels of a picture in [−1, 1]. */
function pixels(set: 'a' | 'b', n: number): number[][] {
  const bytes = data(set, n);
  return Array.from({length: SIDE * SIDE}, (_, p) =>
    [0, 1, 2].map((c) => (2 * (bytes[3 * p + c] as number)) / 255 - 1),
  );
}

/** Fits the way back to a way there by gradient descent on the squared cycle error of set a, from the identity. */
function trained(there: Matrix, steps: number): Matrix {
  const seen = [0, 1, 2].flatMap((n) => pixels('a', n));
  let back = IDENTITY;
  for (let step = 0; step < steps; step++) {
    const gradient = IDENTITY.map((row) => row.map(() => 0));
    for (const pixel of seen) {
      const made = apply(there, pixel);
      const error = apply(back, made).map((value, i) => value - (pixel[i] as number));
      error.forEach((e, i) => {
        for (const j of [0, 1, 2])
          (gradient[i] as number[])[j] = (gradient[i]?.[j] ?? 0) + (2 * e * (made[j] as number)) / seen.length;
      });
    }
    back = back.map((row, i) => row.map((weight, j) => weight - 0.5 * (gradient[i]?.[j] ?? 0)));
  }
  return back;
}

const THERE: Matrix = IDENTITY.map((row, i) =>
  row.map((value, j) => value + 0.5 * (values(9, 4)[3 * i + j] as number)),
);

/** λ·(mean|F(G(a)) − a| + …) + ½λ·(mean|F(a) − a| + …), in float64 from the definition. */
function slowLoss(g: Matrix, f: Matrix): number {
  const mean = (set: 'a' | 'b', made: (pixel: readonly number[]) => number[]) => {
    const all = Array.from({length: COUNT[set]}, (_, n) => pixels(set, n)).flat();
    const errors = all.flatMap((pixel) => made(pixel).map((value, c) => Math.abs(value - (pixel[c] as number))));
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };
  const cycle = mean('a', (p) => apply(f, apply(g, p))) + mean('b', (p) => apply(g, apply(f, p)));
  const identity = mean('a', (p) => apply(f, p)) + mean('b', (p) => apply(g, p));
  return 10 * cycle + 5 * identity;
}

async function write(folder: string, g: Uint8Array, f: Uint8Array, more = ''): Promise<void> {
  for (const set of ['a', 'b'] as const) {
    for (let n = 0; n < COUNT[set]; n++) {
      await work.image(`${folder}/${set}/x/${n}.png`, {height: SIDE, width: SIDE, channels: 3, data: data(set, n)});
    }
  }
  work.write(`${folder}/g.onnx`, g);
  work.write(`${folder}/f.onnx`, f);
  const scale = 'range: [-1, 1]';
  work.write(
    `${folder}/cv-loss.yaml`,
    `task: cycle\ninputs: {real_a: a, real_b: b}\ngenerators:\n  a_to_b: {model: g.onnx, ${scale}}\n  b_to_a: {model: f.onnx, ${scale}}\n${more}`,
  );
}

async function reportOf(folder: string, flags: readonly string[] = []): Promise<Report> {
  const result = await work.run(['eval', '--quiet', ...flags], {cwd: work.path(folder)});
  expect(result).toEqual({code: 0, stdout: '', stderr: ''});
  return work.json(folder, 'cv-loss-report', 'report.json') as Report;
}

describe.concurrent('two generators', () => {
  test('the loss is the definition, and training lowers it', async () => {
    const fitted = trained(THERE, 300);
    const losses: number[] = [];
    for (const [folder, back] of [
      ['untrained', IDENTITY],
      ['trained', fitted],
    ] as const) {
      await write(folder, mixer(THERE), mixer(back));
      const {summary, inputs, config} = await reportOf(folder);
      const value = Number(summary['cycle-consistency']?.value);
      expect(Math.abs(value / slowLoss(THERE, back) - 1)).toBeLessThan(1e-5);
      losses.push(Number(summary['cycle-consistency.cycle']?.mean));
      expect(inputs.count).toBe(5);
      expect(config).toMatchObject({generators: {a_to_b: {model: 'g.onnx', range: [-1, 1]}}});
      expect([...work.rows(`${folder}/cv-loss-report`).keys()]).toEqual(['a/x/0', 'a/x/1', 'a/x/2', 'b/x/0', 'b/x/1']);
    }
    expect(losses[1]).toBeLessThan(0.05 * (losses[0] as number));
  });

  test('as ONNX and as layers models they give the same loss', async () => {
    await write('both', mixer(THERE), mixer(IDENTITY));
    const {summary} = await reportOf('both');
    for (const [way, matrix] of Object.entries({a_to_b: THERE, b_to_a: IDENTITY})) {
      for (const [name, content] of Object.entries(mixerLayers(matrix))) work.write(`both/${way}/${name}`, content);
    }
    const flags = ['a_to_b', 'b_to_a'].flatMap((way) => ['--set', `generators.${way}.model=${way}/model.json`]);
    const layers = await reportOf('both', flags);
    const [one, other] = [summary, layers.summary].map((table) => Number(table['cycle-consistency']?.value));
    expect(Math.abs((other as number) / (one as number) - 1)).toBeLessThan(1e-4);
    expect(layers.device.versions).not.toHaveProperty('onnxruntime-node');
  });

  test('another model, another hash', async () => {
    await write('hash', mixer(THERE), mixer(IDENTITY));
    const {inputs} = await reportOf('hash');
    work.write('hash/f.onnx', mixer(THERE));
    expect((await reportOf('hash')).inputs.hash).not.toBe(inputs.hash);
  });

  test('the images that are kept score as the ready ones do', async () => {
    await write('kept', mixer(THERE), mixer(IDENTITY));
    const {summary} = await reportOf('kept', ['--save-images', 'made']);
    expect(readdirSync(work.path('kept', 'made')).sort()).toEqual([
      'fake_a',
      'fake_b',
      'rec_a',
      'rec_b',
      'same_a',
      'same_b',
    ]);
    const inputs = ['rec_a', 'rec_b', 'same_a', 'same_b'].map((role) => `${role}: made/${role}`).join(', ');
    work.write('kept/cv-loss.yaml', `task: cycle\ninputs: {real_a: a, real_b: b, ${inputs}}\n`);
    const ready = await reportOf('kept');
    const [one, other] = [summary, ready.summary].map((table) => Number(table['cycle-consistency']?.value));
    // 8 bits a channel: half a step of 2 / 255 each, times λ.
    expect(Math.abs((one as number) - (other as number))).toBeLessThan(30 / 255);
  });

  test('without identity nothing is made for it, and images are resampled to the size that is said', async () => {
    await write(
      'sized',
      mixer(THERE, {size: ['h', 'w']}),
      mixer(IDENTITY, {size: ['h', 'w']}),
      'losses: [{type: cycle-consistency, identity_weight: 0}]\n',
    );
    const size = ['a_to_b', 'b_to_a'].flatMap((way) => ['--set', `generators.${way}.size=[4, 5]`]);
    await reportOf('sized', [...size, '--save-images', 'made']);
    expect(work.rows('sized/cv-loss-report').get('a/x/0')).toMatchObject({width: '5', height: '4'});
    expect(readdirSync(work.path('sized', 'made')).sort()).toEqual(['fake_a', 'fake_b', 'rec_a', 'rec_b']);
  });
});

describe.concurrent('wrong input', () => {
  const pooled = onnxModel({
    nodes: [{operator: 'ReduceMean', inputs: ['image'], outputs: ['out'], attributes: {axes: [2, 3], keepdims: 0}}],
    inputs: [{name: 'image', element: ONNX.float, shape: ['n', 3, SIDE, SIDE]}],
    outputs: [{name: 'out', element: ONNX.float}],
  });
  test.each([
    [
      'a vector for an image',
      pooled,
      [],
      "model g.onnx: its output 'out' has the shape [3] for an image, expected [3, h, w]",
    ],
    [
      'sizes that differ',
      mixer(THERE, {size: [8, 8]}),
      [],
      'generators: g.onnx takes images of [8, 8], f.onnx of [6, 6]',
    ],
    [
      'ready images beside it',
      mixer(THERE),
      ['--input', 'rec_a=a'],
      'inputs.rec_a: the generators make it; remove one of the two',
    ],
    ['another task', mixer(THERE), ['--task', 'photo'], 'generators: read by task cycle, and the task here is photo'],
  ] as const)('%s: one line and exit 2', async (name, g, flags, message) => {
    const folder = name.replaceAll(' ', '-');
    await write(folder, g, mixer(IDENTITY));
    const {code, stdout, stderr} = await work.run(['eval', ...flags], {cwd: work.path(folder)});
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toContain(message);
    if (name !== 'another task') expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
  });

  test('NaN fails the rows, which say so', async () => {
    await write(
      'nan',
      mixer(
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, -1],
        ],
        {last: 'Sqrt'},
      ),
      mixer(IDENTITY),
    );
    const {code} = await work.run(['eval', '--quiet'], {cwd: work.path('nan')});
    expect(code).toBe(3);
    expect(work.rows('nan/cv-loss-report').get('a/x/0')).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^model-output: .*model g\.onnx gives NaN at value/),
    });
  });
});
