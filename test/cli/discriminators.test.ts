import {afterAll, describe, expect, test} from 'vitest';
import type {Report} from '../../src/report/report.js';
import {floats, ONNX, onnxModel} from '../models/onnx-file.js';
import {type Files, values} from '../models/small-model.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

const KERNEL = values(27, 5);
const SIDE = 10;
const PATCHES = SIDE - 2;

/** A PatchGAN of one convolution as ONNX, `[n, 1, h, w]`; `last` is laid over it. */
function patchOnnx(last?: string): Uint8Array {
  return onnxModel({
    nodes: [
      {
        operator: 'Conv',
        inputs: ['image', 'kernel'],
        outputs: [last ? 'logits' : 'out'],
        attributes: {kernel_shape: [3, 3]},
      },
      ...(last ? [{operator: last, inputs: ['logits'], outputs: ['out']}] : []),
    ],
    inputs: [{name: 'image', element: ONNX.float, shape: [1, 3, SIDE, SIDE]}],
    outputs: [{name: 'out', element: ONNX.float, shape: [1, 1, PATCHES, PATCHES]}],
    constants: [floats('kernel', [1, 3, 3, 3], KERNEL)],
  });
}

/** The same as a layers model, `[n, h, w, 1]`. */
function patchLayers(): Files {
  const config = {
    name: 'conv',
    batch_input_shape: [null, SIDE, SIDE, 3],
    dtype: 'float32',
    filters: 1,
    kernel_size: [3, 3],
    padding: 'valid',
    use_bias: false,
  };
  const kernel = new Float32Array(27);
  for (let i = 0; i < 3; i++) for (let at = 0; at < 9; at++) kernel[at * 3 + i] = KERNEL[i * 9 + at] as number;
  const weights = [{name: 'conv/kernel', shape: [3, 3, 3, 1], dtype: 'float32'}];
  const model = {
    format: 'layers-model',
    modelTopology: {
      model_config: {class_name: 'Sequential', config: {name: 'patch', layers: [{class_name: 'Conv2D', config}]}},
    },
    weightsManifest: [{paths: ['w.bin'], weights}],
  };
  return {'model.json': JSON.stringify(model), 'w.bin': new Uint8Array(kernel.buffer)};
}

const COUNT = {real: 3, fake: 4};

function pixels(role: 'real' | 'fake', n: number): Uint8Array {
  return Uint8Array.from({length: SIDE * SIDE * 3}, (_, i) => (i * (role === 'real' ? 29 : 53) + 61 * n) % 256);
}

async function writePictures(folder: string): Promise<void> {
  for (const role of ['real', 'fake'] as const) {
    for (let n = 0; n < COUNT[role]; n++) {
      await work.image(`${folder}/${role}/${n}.png`, {height: SIDE, width: SIDE, channels: 3, data: pixels(role, n)});
    }
  }
}

/** The scores of one picture in [−1, 1], in float64. */
function slowScores(role: 'real' | 'fake', n: number): number[] {
  const data = pixels(role, n);
  return Array.from({length: PATCHES * PATCHES}, (_, patch) => {
    const [y, x] = [Math.floor(patch / PATCHES), patch % PATCHES];
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      for (let at = 0; at < 9; at++) {
        const pixel = data[((y + Math.floor(at / 3)) * SIDE + x + (at % 3)) * 3 + i] as number;
        sum += ((2 * pixel) / 255 - 1) * (KERNEL[i * 9 + at] as number);
      }
    }
    return sum;
  });
}

function meanOf(role: 'real' | 'fake', term: (score: number) => number): number {
  const means = Array.from({length: COUNT[role]}, (_, n) => slowScores(role, n).map(term)).map(
    (terms) => terms.reduce((sum, value) => sum + value, 0) / terms.length,
  );
  return means.reduce((sum, value) => sum + value, 0) / means.length;
}

const LOSSES = 'losses: [gan-minimax, gan-non-saturating, lsgan, wgan, hinge-gan]\n';

async function reportOf(folder: string, config: string, flags: readonly string[] = []): Promise<Report> {
  work.write(`${folder}/cv-loss.yaml`, config + LOSSES);
  const result = await work.run(['eval', '--quiet', ...flags], {cwd: work.path(folder)});
  expect(result).toMatchObject({code: 0, stdout: ''});
  return work.json(folder, 'cv-loss-report', 'report.json') as Report;
}

describe.concurrent('a discriminator of patches', () => {
  const cases = [
    ['ONNX', {'m.onnx': patchOnnx()}, 'm.onnx'],
    ['layers', patchLayers(), 'model.json'],
  ] as const;
  test.each(cases)(
    'as %s: losses by the definitions, and the same from its saved scores',
    async (name, files, model) => {
      await writePictures(name);
      for (const [file, content] of Object.entries(files as Files)) work.write(`${name}/${file}`, content);
      const config = `scores: {model: ${model}, real: real, fake: fake, range: [-1, 1]}\n`;
      const {summary, inputs, counts} = await reportOf(name, config, ['--save-scores', 'kept']);
      const value = (column: string) => summary[column]?.value;
      const half = (score: number) => 0.5 * score ** 2;
      const near = (wanted: number) => expect.closeTo(wanted, 5);
      expect(value('lsgan.discriminator')).toEqual(near(meanOf('real', (s) => half(s - 1)) + meanOf('fake', half)));
      expect(value('lsgan.generator')).toEqual(near(meanOf('fake', (s) => half(s - 1))));
      expect(value('wgan.critic')).toEqual(near(meanOf('fake', (s) => s) - meanOf('real', (s) => s)));
      expect(value('gan-non-saturating.generator')).toEqual(near(meanOf('fake', (s) => Math.log1p(Math.exp(-s)))));
      expect(value('hinge-gan.discriminator')).toEqual(
        near(meanOf('real', (s) => Math.max(0, 1 - s)) + meanOf('fake', (s) => Math.max(0, 1 + s))),
      );
      expect(counts).toMatchObject({samples: 7, ok: 7});
      expect(inputs.roots).toEqual({model, real: 'real', fake: 'fake'});
      const rows = work.read(name, 'cv-loss-report', 'rows.csv');
      expect(rows).toMatch(/^fake\/0,/m);
      const saved = await reportOf(name, 'scores: {real: kept/real.csv, fake: kept/fake.csv}\n');
      expect(saved.summary).toEqual(summary);
      expect(work.read(name, 'cv-loss-report', 'rows.csv')).toBe(rows);
    },
  );

  test('braces in the globs of a config: the images of several folders', async () => {
    await writePictures('braces');
    for (let n = 0; n < COUNT.fake; n++) {
      const place = `braces/faces/${n < 2 ? 'ann' : 'bob'}/${n}.png`;
      await work.image(place, {height: SIDE, width: SIDE, channels: 3, data: pixels('fake', n)});
    }
    work.write('braces/m.onnx', patchOnnx());
    const plain = await reportOf('braces', 'scores: {model: m.onnx, real: real, fake: fake}\n');
    const braces = 'scores: {model: m.onnx, real: "{real,unreal}/*.png", fake: "faces/{ann,bob}/*.png"}\n';
    expect((await reportOf('braces', braces)).summary.wgan).toEqual(plain.summary.wgan);
    expect(work.read('braces', 'cv-loss-report', 'rows.csv')).toMatch(/^fake\/bob\/3,/m);
  });

  test('probabilities', async () => {
    await writePictures('sigmoid');
    work.write('sigmoid/m.onnx', patchOnnx('Sigmoid'));
    work.write('sigmoid/logits.onnx', patchOnnx());
    const keys = 'real: real, fake: fake, range: [-1, 1]';
    const losses = ['--losses', 'gan-non-saturating'];
    const raw = await reportOf('sigmoid', `scores: {model: logits.onnx, ${keys}}\n`, losses);
    const probable = await reportOf('sigmoid', `scores: {model: m.onnx, input: probabilities, ${keys}}\n`, losses);
    for (const column of ['gan-non-saturating.discriminator', 'gan-non-saturating.generator']) {
      expect(probable.summary[column]?.value).toEqual(expect.closeTo(Number(raw.summary[column]?.value), 5));
    }
  });

  test.each([
    ['raw scores for probabilities', patchOnnx(), 'input: probabilities', 'expected a probability in [0, 1]'],
    ['NaN', patchOnnx('Log'), 'input: logits', 'model m.onnx gives NaN at value'],
    [
      'another rank',
      onnxModel({
        nodes: [{operator: 'Relu', inputs: ['image'], outputs: ['out']}],
        inputs: [{name: 'image', element: ONNX.float, shape: ['n', 300]}],
        outputs: [{name: 'out', element: ONNX.float}],
      }),
      'input: logits',
      "model m.onnx: its input 'image' has the shape [any, 300], expected the four axes of images",
    ],
  ])('%s: one line and exit 2', async (name, model, said, message) => {
    const range = name === 'NaN' ? '[999, 1000]' : '[-1, 1]';
    const folder = name.replaceAll(' ', '-');
    await writePictures(folder);
    work.write(`${folder}/m.onnx`, model);
    work.write(`${folder}/cv-loss.yaml`, `scores: {model: m.onnx, real: real, fake: fake, range: ${range}, ${said}}\n`);
    const {code, stdout, stderr} = await work.run(['eval'], {cwd: work.path(folder)});
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});
