import {copyFileSync, readdirSync, readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import type {Report} from '../../src/report/report.js';
import {ONNX, onnxModel} from '../models/onnx-file.js';
import {readPng} from '../png.js';
import {Installation} from './installation.js';
import {cell} from './rows.js';
import {fixture, type Pixels, Workspace} from './workspace.js';

type ByLayer = Readonly<Record<string, number>>;

/** Losses of squares of photographs and masks, by PyTorch in float64: `fixtures/made-by/own_network.py`. */
interface Reference {
  readonly ignored: {readonly from_row: number; readonly from_column: number};
  readonly square: {readonly top: number; readonly left: number; readonly height: number; readonly width: number};
  readonly photos: Readonly<
    Record<
      string,
      Readonly<Record<'difference' | 'gatys' | 'style_difference' | 'style_gatys' | 'resized', ByLayer>> & {
        readonly style: string;
        readonly ignored: {readonly difference: ByLayer; readonly gatys: ByLayer};
      }
    >
  >;
  readonly masks: Readonly<Record<string, {readonly bce: number; readonly weights: ByLayer; readonly unit: ByLayer}>>;
}

const reference = JSON.parse(readFileSync(fixture('networks/own/expected.json'), 'utf8')) as Reference;
const keys = Object.keys(reference.photos);
const work = new Workspace(afterAll);

const IMAGENET = {color: 'rgb', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]};
const LAYERS = {relu1: 1, relu2: 0.5, relu3: 2};
const MODELS = ['network.onnx', 'graph.json', 'layers.json'];

function losses(model: string): object[] {
  const network = {model: `nets/${model}`, ...IMAGENET};
  const style = {content_layers: {relu3: 1}, style_layers: LAYERS, alpha: 2};
  return [
    {type: 'perceptual', network, layers: LAYERS},
    {type: 'perceptual', id: 'resized', network: {...network, size: [48, 40]}, layers: LAYERS},
    {type: 'texture', network, layers: LAYERS},
    {type: 'content-style', network, ...style},
    {type: 'content-style', id: 'gram', network, ...style, statistic: 'gram'},
  ];
}

function topologies(model: string): object[] {
  const network = {model: `nets/${model}`, ...IMAGENET};
  return ['weights', 'unit'].map((input) => ({
    ...{type: 'topology', id: input, network, layers: LAYERS, mu: 0.5, network_input: input},
  }));
}

async function square(from: string, name: string): Promise<void> {
  const {top, left, height, width} = reference.square;
  const image = await readPng(new URL(`file://${fixture(from)}`));
  const channels = image.channels as Pixels['channels'];
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const start = ((y + top) * image.width + left) * channels;
    data.set(image.data.subarray(start, start + width * channels), y * width * channels);
  }
  await work.image(name, {height, width, channels, data});
}

beforeAll(async () => {
  work.write('nets/.keep', '');
  for (const name of readdirSync(fixture('networks/own')))
    copyFileSync(fixture('networks/own', name), work.path('nets', name));
  for (const key of keys) {
    for (const side of ['pred', 'target']) await square(`photos/${side}/${key}.png`, `photos/${side}/${key}.png`);
    await square(`photos/target/${reference.photos[key]?.style}.png`, `photos/style/${key}.png`);
    await square(`masks/prob/${key}.png`, `masks/pred/${key}.png`);
    await square(`masks/target/${key}.png`, `masks/target/${key}.png`);
  }
}, 60_000);

async function report(name: string, config: object, ...args: readonly string[]): Promise<Report> {
  work.write(`${name}.json`, JSON.stringify(config));
  const ended = await work.run(['eval', '--config', `${name}.json`, '--report', name, '--quiet', ...args]);
  expect(ended).toEqual({code: 0, stdout: '', stderr: ''});
  return work.json(name, 'report.json') as Report;
}

/** Expects the cells of a row to be those numbers to 1e-4. */
function expectCells(name: string, key: string, expected: ByLayer): void {
  const row = work.rows(name).get(key);
  const off = Object.entries(expected).map(([column, value]) => [column, Math.abs(cell(row, column) / value - 1)]);
  expect(off.filter(([, error]) => !((error as number) < 1e-4))).toEqual([]);
}

const weighted = (terms: ByLayer) =>
  Object.entries(LAYERS).reduce((sum, [layer, weight]) => sum + weight * (terms[layer] as number), 0);
const columns = (prefix: string, terms: ByLayer) =>
  Object.fromEntries(Object.entries(terms).map(([layer, value]) => [`${prefix}${layer}`, value]));

describe.each(MODELS)("PyTorch's values, through the command line: %s", (model) => {
  test('perceptual, texture and content-style of photographs', {timeout: 120_000}, async () => {
    const inputs = {pred: 'photos/pred', target: 'photos/target', style: 'photos/style'};
    await report(`photos-${model}`, {inputs, losses: losses(model)});
    for (const key of keys) {
      const values = reference.photos[key] as Reference['photos'][string];
      const content = values.difference.relu3 as number;
      expectCells(`photos-${model}`, key, {
        ...columns('perceptual.', values.difference),
        perceptual: weighted(values.difference),
        ...columns('resized.', values.resized),
        // The style is the image that textures are compared with, where there is one.
        ...columns('texture.', values.style_gatys),
        texture: weighted(values.style_gatys),
        ...columns('content-style.style_', values.style_difference),
        'content-style.content': content,
        'content-style': 2 * content + weighted(values.style_difference),
        ...columns('gram.style_', values.style_gatys),
        gram: 2 * content + weighted(values.style_gatys),
      });
    }
  });

  test('texture against the target, and topology of masks', {timeout: 120_000}, async () => {
    const network = {model: `nets/${model}`, ...IMAGENET};
    const inputs = {pred: 'photos/pred', target: 'photos/target'};
    await report(`texture-${model}`, {inputs, losses: [{type: 'texture', network, layers: LAYERS}]});
    await report(`masks-${model}`, {inputs: {pred: 'masks/pred', target: 'masks/target'}, losses: topologies(model)});
    for (const key of keys) {
      expectCells(`texture-${model}`, key, columns('texture.', reference.photos[key]?.gatys as ByLayer));
      const {bce, ...terms} = reference.masks[key] as Reference['masks'][string];
      for (const input of ['weights', 'unit'] as const) {
        expectCells(`masks-${model}`, key, {
          [`${input}.bce`]: bce,
          ...columns(`${input}.`, terms[input]),
          [input]: bce + 0.5 * weighted(terms[input]),
        });
      }
    }
  });
});

const ON_PHOTOS = {pred: 'photos/pred', target: 'photos/target'};
const NET = {model: 'nets/network.onnx', ...IMAGENET};

describe('ignored pixels', () => {
  beforeAll(async () => {
    const {square: at, ignored} = reference;
    const data = Uint8Array.from({length: at.height * at.width}, (_, i) => {
      const [row, column] = [Math.floor(i / at.width), i % at.width];
      return row >= ignored.from_row && column >= ignored.from_column ? 255 : 0;
    });
    await work.image('ignore.png', {height: at.height, width: at.width, channels: 1, data});
  });

  test('leave the positions that see them: PyTorch’s values', async () => {
    const each = ['perceptual', 'texture'].map((type) => ({type, network: NET, layers: LAYERS}));
    await report('ignored', {inputs: {...ON_PHOTOS, ignore: 'ignore.png'}, losses: each});
    for (const key of keys) {
      const {difference, gatys} = (reference.photos[key] as Reference['photos'][string]).ignored;
      expectCells('ignored', key, {...columns('perceptual.', difference), ...columns('texture.', gatys)});
    }
  });

  test('fail the rows where what a layer sees is not known', async () => {
    const network = {...NET, model: 'nets/graph.json'};
    const inputs = {pred: 'photos/pred/000.png', target: 'photos/target/000.png', ignore: 'ignore.png'};
    work.write('blind.json', JSON.stringify({inputs, losses: [{type: 'perceptual', network, layers: {relu1: 1}}]}));
    const {code, stderr} = await work.run(['eval', '--config', 'blind.json', '--report', 'blind', '--quiet']);
    expect(code).toBe(3);
    expect(stderr).toBe(
      "cv-loss: 000: ignore: perceptual: which pixels nets/graph.json's relu1 sees is not known, so none can be ignored: it is no ONNX model with channels first\n",
    );
  });
});

test('without ONNX Runtime, models of TensorFlow.js give the same values and one of ONNX says what it needs', async () => {
  const {command} = new Installation(onTestFinished, ['onnxruntime-node']);
  const network = {...NET, model: 'nets/graph.json'};
  const each = ['perceptual', 'texture'].map((type) => ({type, network, layers: LAYERS}));
  work.write('without.json', JSON.stringify({inputs: ON_PHOTOS, losses: each}));
  expect(await work.shell(`${command} eval --config without.json --report without --quiet`)).toEqual({
    ...{code: 0, stdout: '', stderr: ''},
  });
  for (const key of keys) {
    const {difference, gatys} = reference.photos[key] as Reference['photos'][string];
    expectCells('without', key, {...columns('perceptual.', difference), ...columns('texture.', gatys)});
  }
  work.write(
    'needs.json',
    JSON.stringify({inputs: ON_PHOTOS, losses: [{type: 'perceptual', network: NET, layers: LAYERS}]}),
  );
  const {code, stderr} = await work.shell(`${command} eval --config needs.json --no-report --quiet`);
  expect({code, stderr}).toEqual({
    code: 2,
    stderr:
      "cv-loss: loss 'perceptual': model nets/network.onnx needs ONNX Runtime, and onnxruntime-node is not installed: npm install onnxruntime-node --ignore-scripts\n",
  });
}, 60_000);

test('the report names the model, its hash and what it takes', async () => {
  const network = {
    model: '../nets/network.onnx',
    color: 'bgr',
    mean: [1, 2, 3],
    std: 2,
    range: [-1, 255],
    size: [20, 30],
  };
  work.write('configs/c.yaml', JSON.stringify({losses: [{type: 'perceptual', network, layers: {relu1: 1}}]}));
  const args = [
    '--config',
    'configs/c.yaml',
    '--pred',
    'photos/pred',
    '--target',
    'photos/target',
    '--report',
    'named',
  ];
  expect((await work.run(['eval', '--quiet', ...args])).code).toBe(0);
  const {networks, config, device} = work.json('named', 'report.json') as Report;
  expect(networks).toEqual([
    {
      network: 'nets/network.onnx',
      weights: 'network.onnx',
      weights_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      preprocessing: {order: 'bgr', scale: 256, mean: [2, 3, 4], std: [2, 2, 2], size: [20, 30]},
      executor: 'onnxruntime',
      threads: expect.any(Number),
    },
  ]);
  expect((config.losses as object[])[0]).toMatchObject({network: {...network, model: 'nets/network.onnx'}});
  expect(device.versions).toHaveProperty('onnxruntime-node');
});

test('rows are the same bytes whatever other losses look at, and a value inside of the model is a layer', async () => {
  const inside = {type: 'perceptual', id: 'inside', network: NET, layers: {'/Add_output_0': 1, relu2: 1}};
  const alone = {type: 'perceptual', network: NET, layers: {relu2: 1}};
  await report('alone', {inputs: ON_PHOTOS, losses: [alone]});
  await report('together', {
    inputs: ON_PHOTOS,
    losses: [alone, {type: 'texture', network: NET, layers: LAYERS}, inside],
  });
  for (const key of keys) {
    const [one, both] = [work.rows('alone').get(key), work.rows('together').get(key)];
    expect(both?.perceptual).toBe(one?.perceptual);
    expect(both?.['inside.relu2']).toBe(one?.perceptual);
    expect(cell(both, 'inside./Add_output_0')).toBeGreaterThan(cell(both, 'inside.relu2'));
  }
});

test('what it made of targets is found by the next run; rows and report are the same bytes, as without a cache', async () => {
  const inputs = {pred: 'photos/pred', target: 'photos/target'};
  // As no other test here reads its images, so that the first run finds nothing.
  const network = {...NET, model: 'nets/network.onnx', std: 0.31};
  const config = {inputs, losses: [{type: 'texture', network, layers: LAYERS}]};
  const outcomes = [];
  for (const [name, ...args] of [['uncached', '--no-cache'], ['first'], ['second']]) {
    await report(name as string, config, ...args);
    const {cache} = work.json(name as string, 'timing.json') as {cache?: {hits: number; misses: number}};
    const files = ['rows.csv', 'report.json'].map((file) => work.read(name as string, file));
    outcomes.push({cache, files});
  }
  const [uncached, first, second] = outcomes;
  expect(uncached?.cache).toBeUndefined();
  expect(first?.cache?.misses).toBeGreaterThan(0);
  expect(second?.cache?.hits).toBe(first?.cache?.misses);
  expect(first?.files).toEqual(uncached?.files);
  expect(second?.files).toEqual(uncached?.files);
});

describe.concurrent('mistakes, a line each before an image is read', () => {
  const cases: readonly (readonly [string, object, string | RegExp])[] = [
    [
      'a layer that is not there',
      {network: NET, layers: {relu4: 1}},
      "nets/network.onnx has no layer 'relu4'; did you mean 'relu1'? Its layers: relu1, relu2, relu3, /conv1/Conv_output_0",
    ],
    [
      'no layers',
      {network: NET},
      'perceptual: layers: a model of your own has no usual layers; name some of nets/network.onnx, as {relu1: 1}. Its layers: relu1, relu2, relu3',
    ],
    [
      'a file that is not there',
      {network: {model: 'nets/none.onnx'}, layers: {relu1: 1}},
      "loss 'perceptual': model nets/none.onnx cannot be read: no such file",
    ],
    ['a file in place of a model', {network: 'nets/network.onnx'}, 'or a model of your own: {model: net.onnx}'],
    [
      'a key that is not there',
      {network: {...NET, colour: 'rgb'}},
      "unknown key 'colour' in losses.0.network, expected model, size, color",
    ],
    [
      'weights beside a model',
      {network: NET, weights: {hashed: 0}, layers: LAYERS},
      'network is a model of your own, which has its own weights; remove weights',
    ],
    [
      'another pooling',
      {network: NET, pooling: 'average', layers: LAYERS},
      'network is a model of your own, which has its own pooling; remove pooling',
    ],
    [
      'colours that it does not take',
      {network: {...NET, color: 'grey'}, layers: LAYERS},
      "its input 'image' takes 3 channels, and color: grey gives 1",
    ],
    [
      'a size that is too small for it',
      {network: {...NET, size: [3, 4]}, layers: LAYERS},
      /perceptual: layers: model nets\/network\.onnx cannot be run on an input of \[1, 3, 3, 4\]/,
    ],
    [
      'an output that is no map',
      {network: {model: 'vector.onnx'}, layers: {vector: 1}},
      "model vector.onnx: its output 'vector' has the shape [any, 3], expected a layer's [n, c, h, w]",
    ],
    [
      'two inputs',
      {network: {model: 'two.onnx'}, layers: {sum: 1}},
      'model two.onnx has 2 inputs (image, other); expected one, which takes an image',
    ],
    [
      'calibrated',
      {type: 'topology', network: NET, layers: LAYERS, scale: 'calibrated'},
      'topology: scale: these weights of nets/network.onnx bring no calibration constants; set scale: raw',
    ],
    [
      'two columns of one name',
      {network: {model: 'twins.onnx'}, layers: {'a.b': 1, a_b: 1}},
      "twins.onnx: two columns would be named 'a_b'; rename an output of the model",
    ],
    ['lpips', {type: 'lpips', network: NET}, "unknown key 'network' in losses.0"],
    ['dists', {type: 'dists', network: NET}, "unknown key 'network' in losses.0"],
  ];

  beforeAll(() => {
    const image = {name: 'image', element: ONNX.float, shape: ['n', 3, 'h', 'w']};
    const value = (name: string, shape: readonly (number | string)[]) => ({name, element: ONNX.float, shape});
    work.write(
      'vector.onnx',
      onnxModel({
        nodes: [
          {operator: 'ReduceMean', inputs: ['image'], outputs: ['vector'], attributes: {axes: [2, 3], keepdims: 0}},
        ],
        inputs: [image],
        outputs: [value('vector', ['n', 3])],
      }),
    );
    work.write(
      'two.onnx',
      onnxModel({
        nodes: [{operator: 'Add', inputs: ['image', 'other'], outputs: ['sum']}],
        inputs: [image, {...image, name: 'other'}],
        outputs: [value('sum', ['n', 3, 'h', 'w'])],
      }),
    );
    work.write(
      'twins.onnx',
      onnxModel({
        nodes: ['a.b', 'a_b'].map((name) => ({operator: 'Relu', inputs: ['image'], outputs: [name]})),
        inputs: [image],
        outputs: ['a.b', 'a_b'].map((name) => value(name, ['n', 3, 'h', 'w'])),
      }),
    );
  });

  test.each(cases)('%s', async (name, loss, expected) => {
    const file = `mistake-${name.replaceAll(/\W+/g, '-')}.json`;
    work.write(file, JSON.stringify({inputs: ON_PHOTOS, losses: [{type: 'perceptual', ...loss}]}));
    const {code, stdout, stderr} = await work.run(['eval', '--config', file, '--no-report', '--quiet']);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
    if (typeof expected === 'string') expect(stderr).toContain(expected);
    else expect(stderr).toMatch(expected);
  });
});

describe('images that the model cannot take are failed rows', () => {
  const failedWith = async (name: string, loss: object) => {
    work.write(`${name}.json`, JSON.stringify({losses: [{type: 'perceptual', ...loss}]}));
    await work.image(`${name}.png`, {height: 3, width: 40, channels: 3, data: new Uint8Array(360)});
    const args = ['--config', `${name}.json`, '--pred', `${name}.png`, '--target', `${name}.png`, '--report', name];
    const {code, stderr} = await work.run(['eval', '--quiet', ...args]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
    return work.rows(name).get(name)?.reason;
  };

  test('too small for it', async () => {
    expect(await failedWith('small', {network: NET, layers: {relu3: 1}})).toMatch(
      /^model-failed: perceptual: model nets\/network\.onnx cannot be run on an input of \[1, 3, 3, 40\]: /,
    );
  });

  test('values that are not finite', async () => {
    work.write(
      'log.onnx',
      onnxModel({
        nodes: [{operator: 'Log', inputs: ['image'], outputs: ['log']}],
        inputs: [{name: 'image', element: ONNX.float, shape: ['n', 3, 'h', 'w']}],
        outputs: [{name: 'log', element: ONNX.float, shape: ['n', 3, 'h', 'w']}],
      }),
    );
    expect(await failedWith('log', {network: {model: 'log.onnx'}, layers: {log: 1}})).toBe(
      "model-output: perceptual: model log.onnx: its output 'log' holds -Infinity, expected finite numbers",
    );
  });
});
