import {copyFileSync, mkdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {evaluate} from 'cv-loss';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {npyFloats} from '../run/arrays.js';
import {Installation} from './installation.js';
import {noise} from './pixels.js';
import {cell} from './rows.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const pair = ['--pred', 'out', '--target', 'truth'];
const weights = fileURLToPath(new URL('../../weights/squeezenet1_0-features.safetensors', import.meta.url));

beforeAll(async () => {
  for (const key of [1, 2]) {
    await work.image(`out/${key}.png`, noise(key, 40, 36, 3));
    await work.image(`truth/${key}.png`, noise(key + 10, 40, 36, 3));
    await work.image(`styles/${key}.png`, noise(20, 30, 50, 3));
    await work.image(`masks/out/${key}.png`, noise(key, 24, 24, 1));
    const bright = noise(key, 24, 24, 1);
    await work.image(`masks/truth/${key}.png`, {...bright, data: bright.data.map((level) => (level > 99 ? 255 : 0))});
  }
});

/** Scores, expects all to be well, and gives the rows and the report. */
async function scored(...args: readonly string[]) {
  const {code, stdout, stderr} = await work.run(['eval', ...args]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  const report = work.json('cv-loss-report', 'report.json') as Readonly<Record<string, unknown>>;
  return {rows: work.rows(), report, stdout};
}

describe('what a network was', () => {
  test('is in the report; nothing but the cache is left in the home folder', async () => {
    const {report, stdout} = await scored(...pair, '--losses', 'perceptual');
    expect(report.networks).toEqual([
      {
        network: 'squeezenet1_0',
        weights: 'bundled',
        weights_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        preprocessing: {order: 'bgr', scale: 255, mean: [104, 117, 123], std: [1, 1, 1]},
        pooling: 'max',
        executor: 'onnxruntime',
        threads: expect.any(Number),
      },
    ]);
    expect(report.device).toMatchObject({versions: {'onnxruntime-node': expect.any(String)}});
    expect(stdout).not.toContain('hashed');
    // ONNX Runtime's telemetry would keep a device id there.
    const left = work.contents().filter((name) => name.startsWith('home/'));
    const cache = ['home/.cache', 'home/.cache/cv-loss', 'home/.cache/cv-loss/features'];
    expect(left.filter((name) => !name.startsWith(`${cache[2]}/`))).toEqual(cache);
  });

  test('is not there where no loss has one', async () => {
    expect((await scored(...pair, '--losses', 'mse')).report).not.toHaveProperty('networks');
  });

  test('is said aloud where its weights mean nothing', async () => {
    const {report, stdout} = await scored(...pair, '--losses', 'perceptual', '--set', 'losses.0.weights={hashed: 3}');
    expect(report.networks).toMatchObject([{weights: 'hashed seed 3'}]);
    expect(stdout.split('\n')[1]).toBe('hashed weights: numbers are for tests only');
  });
});

test('a weights file is found from the config that names it', async () => {
  mkdirSync(work.path('conf', 'w'), {recursive: true});
  copyFileSync(weights, work.path('conf', 'w', 'mine.safetensors'));
  work.write('conf/deep.yaml', 'losses: [perceptual, {type: perceptual, id: mine, weights: w/mine.safetensors}]');
  const {rows, report} = await scored(...pair, '--config', 'conf/deep.yaml');
  for (const row of rows.values()) expect(row.mine).toBe(row.perceptual);
  expect(report.config).toMatchObject({losses: [{weights: 'default'}, {weights: 'conf/w/mine.safetensors'}]});
  expect(report.networks).toMatchObject([{weights: 'bundled'}, {weights: 'mine.safetensors'}]);
});

test('without ONNX Runtime: a notice with the remedy, and the same numbers', async () => {
  const args = `eval ${pair.join(' ')} --losses perceptual,texture`;
  await work.shell(`cv-loss ${args} --report fast`);
  const without = new Installation(onTestFinished, ['onnxruntime-node']);
  const {code, stderr} = await work.shell(`${without.command} ${args} --report slow`);
  expect({code, stderr}).toEqual({
    code: 0,
    stderr:
      'cv-loss: networks run on tfjs, several times slower: onnxruntime-node is not installed (npm install onnxruntime-node --ignore-scripts)\n',
  });
  expect(work.json('slow', 'report.json')).toMatchObject({networks: [{executor: 'tfjs', threads: 1}]});
  const [fast, slow] = [work.rows('fast'), work.rows('slow')];
  for (const [key, row] of fast) {
    for (const column of ['perceptual', 'perceptual.fire2', 'texture', 'texture.fire5']) {
      expect(cell(slow.get(key), column) / cell(row, column)).toBeCloseTo(1, 4);
    }
  }
  const unused = await work.shell(`${without.command} eval ${pair.join(' ')} --losses mse --no-report`);
  expect(unused).toMatchObject({code: 0, stderr: ''});
});

describe('a style image', () => {
  const losses = ['--losses', 'content-style,texture', '--set', 'losses.0.statistic=gram'];

  /** The rows that the same losses give from this program, which needs no process. */
  async function rowsOf(inputs: Readonly<Record<string, string>>) {
    const config = {losses: [{type: 'content-style', statistic: 'gram' as const}, 'texture'], report: {dir: 'style'}};
    await evaluate({...config, inputs}, {cwd: work.path(), keepRows: false});
    return work.rows('style');
  }
  const images = {pred: 'out', target: 'truth'};

  test('one file serves every sample, and so does a folder with one a sample', async () => {
    const one = await scored(...pair, ...losses, '--input', 'style=styles/1.png');
    expect([...(await rowsOf({...images, style: 'styles'}))]).toEqual([...one.rows]);
    expect(cell(one.rows.get('1'), 'content-style.style')).toBeGreaterThan(0);
    // The style of the content, and the texture, are the same thing in Gram matrices.
    for (const row of one.rows.values()) expect(cell(row, 'content-style.style')).toBe(cell(row, 'texture'));
  });

  test('goes with a content image in place of the target', async () => {
    const style = 'styles/1.png';
    const target = await rowsOf({...images, style});
    const {rows} = await scored('--pred', 'out', '--input', 'content=truth', ...losses, '--input', `style=${style}`);
    for (const [key, row] of target) expect(rows.get(key)).toEqual(row);
    const both = await rowsOf({pred: 'out', target: 'out', content: 'truth', style});
    for (const [key, row] of target) expect(both.get(key)).toEqual(row);
  });

  test('may be grey where the others are not', async () => {
    const levels = noise(5, 33, 21, 1);
    await work.image('grey.png', levels);
    const data = Uint8Array.from({length: 3 * levels.data.length}, (_, i) => levels.data[Math.floor(i / 3)] as number);
    await work.image('rgb.png', {...levels, channels: 3, data});
    const [grey, rgb] = [await rowsOf({...images, style: 'grey.png'}), await rowsOf({...images, style: 'rgb.png'})];
    expect([...grey.values()].map((row) => row.texture)).toEqual([...rgb.values()].map((row) => row.texture));
  });

  test('that cannot be used fails every row, with its name', async () => {
    work.write('four.npy', npyFloats([9, 9, 4], new Float32Array(324)));
    const {code, stderr} = await work.run(['eval', ...pair, ...losses, '--input', 'style=four.npy', '--no-report']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^cv-loss: 1: channels: .*style has 4 channels, a network takes images of 1 or 3/m);
  });

  test('that is not there, or not given, is one line', async () => {
    expect(await work.run(['eval', ...pair, ...losses, '--input', 'style=none.png'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^cv-loss: style: cannot read .*none\.png: no such file.*\n$/),
    });
    expect(await work.run(['eval', ...pair, ...losses])).toMatchObject({
      code: 2,
      stderr: "cv-loss: loss 'content-style' needs style: give --input style=PATH or inputs.style\n",
    });
  });
});

describe('presets', () => {
  const hashed = (id: string) => ['--set', `losses.${id}.weights={hashed: 0}`];

  test('johnson2016: features, 5 of style, total variation', async () => {
    const args = [...hashed('perceptual'), ...hashed('texture'), '--input', 'style=styles/1.png'];
    const {rows, report} = await scored(...pair, '--preset', 'johnson2016', ...args);
    for (const row of rows.values()) {
      const [perceptual, texture, variation] = ['perceptual', 'texture', 'total-variation'].map((id) => cell(row, id));
      const total = (perceptual as number) + 5 * (texture as number) + ((1e-6 * 255 ** 2) / 2) * (variation as number);
      expect(cell(row, 'total') / total).toBeCloseTo(1, 9);
      const layers = {relu1_2: 64, relu2_2: 128, relu3_3: 256, relu4_3: 512};
      // nn.MSECriterion of Gram matrices over C·H·W: a mean over the C·C entries.
      const style = Object.entries(layers).map(([layer, count]) => cell(row, `texture.${layer}`) / count ** 2);
      expect((texture as number) / style.reduce((sum, term) => sum + term)).toBeCloseTo(1, 9);
    }
    expect(report.networks).toMatchObject([{network: 'vgg16', pooling: 'max'}]);
  });

  test('gatys2016: content and style on average pooling', async () => {
    const args = [...hashed('content-style'), '--input', 'style=styles/1.png'];
    const {rows, report} = await scored(...pair, '--preset', 'gatys2016', ...args);
    for (const row of rows.values()) {
      const total = 1048.576 * cell(row, 'content-style.content') + cell(row, 'content-style.style');
      expect(cell(row, 'total') / total).toBeCloseTo(1, 9);
    }
    expect(report.networks).toMatchObject([{network: 'vgg19', pooling: 'average'}]);
  });

  test('mosinska2017: a config may name it; masks, cross-entropy and a tenth of the layers', async () => {
    work.write('lines.yaml', 'preset: mosinska2017\ninputs: {pred: masks/out, target: masks/truth}\n');
    const {rows, report} = await scored('--config', 'lines.yaml', ...hashed('topology'));
    for (const row of rows.values()) {
      const layers = ['relu1_2', 'relu2_2', 'relu3_4'].map((layer) => cell(row, `topology.${layer}`));
      const total = cell(row, 'topology.bce') + 0.1 * layers.reduce((sum, term) => sum + term);
      expect(cell(row, 'total') / total).toBeCloseTo(1, 9);
    }
    expect(report.config).toMatchObject({task: 'mask', losses: [{type: 'topology', network: 'vgg19'}]});
  });

  test('want weights of their network: one line that says how', async () => {
    expect(await work.run(['eval', ...pair, '--preset', 'johnson2016'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        "cv-loss: loss 'perceptual': network vgg16: its weights (original) are not on this machine: cv-loss models pull vgg16, or, from a file you have: cv-loss models import vgg16 FILE; as a flag: --set losses.perceptual.weights=FILE\n",
    });
  });

  test('are listed with the losses, and in the help', async () => {
    const [{stdout: list}, {stdout: help}] = await Promise.all([work.run(['losses']), work.run(['eval', '--help'])]);
    for (const name of ['johnson2016', 'gatys2016', 'mosinska2017']) {
      expect(list).toMatch(new RegExp(`^${name} +\\S`, 'm'));
      expect(help).toContain(name);
    }
  });
});

describe('what is wrong with a network is one line', () => {
  test.each([
    [
      'a layer',
      ['--set', 'losses.0.layers={fire22: 1}'],
      /perceptual: layers: squeezenet1_0 has no layer 'fire22'; did you mean 'fire2'/,
    ],
    [
      'a file',
      ['--set', 'losses.0.weights=none.safetensors'],
      /loss 'perceptual': weights '.*none\.safetensors': cannot be read: no such file/,
    ],
    [
      'another file',
      ['--set', 'losses.0.weights=out/1.png'],
      /loss 'perceptual': weights '.*1\.png': no safetensors file/,
    ],
    [
      'a network',
      ['--set', 'losses.0.network=squeezenet'],
      /expected squeezenet1_0, squeezenet1_1, alexnet, vgg16, vgg19 or a model of your own: \{model: net\.onnx\}, got 'squeezenet'; did you mean 'squeezenet1_0'\?/,
    ],
    ['a preset', ['--preset', 'gatys'], /--preset: expected johnson2016, gatys2016 or mosinska2017, got 'gatys'/],
  ])('%s', async (_, args, message) => {
    const losses = args[0] === '--preset' ? [] : ['--losses', 'perceptual'];
    const {code, stdout, stderr} = await work.run(['eval', ...pair, ...losses, ...args]);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('a picture that is too small for a layer fails its row', async () => {
    await work.image('small/1.png', noise(1, 9, 9, 3));
    const args = [
      '--pred',
      'small',
      '--target',
      'small',
      '--losses',
      'perceptual',
      '--set',
      'losses.0.layers={fire9: 1}',
    ];
    const {code, stderr} = await work.run(['eval', ...args, '--no-report']);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^cv-loss: 1: too-small: perceptual: squeezenet1_0's fire9 needs images of at least \d+×\d+, this one is 9×9\n$/,
    );
  });
});
