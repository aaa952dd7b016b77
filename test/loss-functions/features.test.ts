import '../losses/gradients.js';
import {readFileSync} from 'node:fs';
import type {Tensor} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import type {Raster} from '../../src/images/raster.js';
import type {PretrainedNetwork} from '../../src/loss-functions/index.js';
import {contentStyle, dists, lpips, perceptual, texture, topology} from '../../src/loss-functions/index.js';
import {openNetwork} from '../../src/open-network.js';
import {evaluator} from '../losses/conformance/evaluator.js';
import {fixtureImage, square} from '../losses/feature/images.js';
import {published, referenceSquare} from '../losses/feature/reference-squares.js';
import {ignoreMap, LAYERS, photographs, SIZE} from '../losses/feature/setup.js';
import {javascript, type Rasters, wasm} from '../losses/score.js';

type Tf = Awaited<ReturnType<typeof wasm>>;

const HASHED = {weights: {hashed: 0}} as const;

/** Made of PyTorch in float64: `fixtures/made-by`. */
const reference = JSON.parse(readFileSync('fixtures/features.json', 'utf8')) as {
  readonly squeezenet1_0: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
  readonly topology: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
};

let tf: Tf;
let squeezenet: PretrainedNetwork;
let images: Record<'pred' | 'target' | 'style', Raster>;

beforeAll(async () => {
  tf = await wasm();
  squeezenet = await openNetwork();
  images = await photographs();
});

const tensor = ({data, height, width, channels}: Raster, on: Tf = tf) =>
  on.tensor3d(Float32Array.from(data), [height, width, channels]);

const scalar = (given: Tensor) => given.dataSync()[0] as number;

function expectNear(found: number, expected: number, about = ''): void {
  expect(Number.isFinite(expected)).toBe(true);
  expect(Math.abs(found - expected), `${about}: ${found}, expected ${expected}`).toBeLessThan(
    2e-5 * Math.abs(expected) + 1e-7,
  );
}

describe('values of the references', () => {
  test('perceptual and texture of a photograph under SqueezeNet', async () => {
    const layers = ['fire2', 'fire5'];
    const sides = await Promise.all(['pred', 'target'].map((side) => fixtureImage(`photos/${side}/002`)));
    const [pred, target] = sides.map((one) => tensor(one)) as [Tensor, Tensor];
    const [x = {}, y = {}] = [pred, target].map((one) => squeezenet.features(tf.expandDims(one), layers));
    for (const layer of layers) {
      const expected = reference.squeezenet1_0['002']?.[layer] as Readonly<Record<string, number>>;
      const options = {layers: {[layer]: 1}};
      expectNear(scalar(perceptual(options)(x, y)), expected.perceptual as number, layer);
      for (const normalization of ['gatys', 'volume', 'johnson'] as const) {
        const found = scalar(texture({...options, normalization})(x, y));
        expectNear(found, expected[`texture_${normalization}`] as number, `${layer}, ${normalization}`);
      }
    }
    const {fire2} = reference.squeezenet1_0['002'] as Readonly<Record<string, Readonly<Record<string, number>>>>;
    expectNear(scalar(perceptual({network: squeezenet})(pred, target)), fire2?.perceptual as number);
  });

  test('topology', async () => {
    const [prob, mask] = await Promise.all(['prob', 'target'].map((side) => fixtureImage(`masks/${side}/002`)));
    const expected = reference.topology['002']?.squeezenet1_0_full?.['total_mu0.1'] as number;
    const loss = topology({network: squeezenet, input: 'probabilities', scale: 'raw'});
    expectNear(scalar(loss(tensor(prob as Raster), tensor(mask as Raster))), expected);
  });

  test.each([
    ['alex', 'alexnet'],
    ['vgg', 'vgg16'],
    ['squeeze', 'squeezenet1_1'],
  ])('lpips: %s', async (net, network) => {
    const opened = await openNetwork({network, ...HASHED});
    const loss = lpips({network: opened});
    if (network === 'vgg16') {
      expect(() => dists({network: opened})).toThrow("dists: open its network with pooling: 'l2'");
    }
    for (const key of ['002', '007']) {
      const sides = [await referenceSquare('pred', key), await referenceSquare('target', key)];
      const [pred, target] = sides.map((one) => tensor(one)) as [Tensor, Tensor];
      const {value = Number.NaN, layers = {}} = published.lpips[net]?.[key] ?? {};
      expectNear(scalar(loss(pred, target)), value, key);
      // The same of the features, with the weights given.
      const names = Object.keys(layers);
      const [x, y] = [pred, target].map((one) => opened.features(tf.expandDims(one), names));
      const ofFeatures = lpips({channel_weights: opened.learnt.lpips ?? {}});
      expectNear(scalar(ofFeatures(x ?? {}, y ?? {})), value, `features of ${key}`);
    }
    opened.dispose();
  });

  test('dists', async () => {
    const network = await openNetwork({network: 'vgg16', pooling: 'l2', ...HASHED});
    const sides = [await referenceSquare('pred', '002'), await referenceSquare('target', '002')];
    const [pred, target] = sides.map((one) => tensor(one)) as [Tensor, Tensor];
    expectNear(scalar(dists({network})(pred, target)), published.dists['002']?.value as number);
    expect(() => lpips({network})).toThrow("lpips: open its network with pooling: 'max'");
    network.dispose();
  });
});

describe('values of the command line', () => {
  const cases: readonly [name: string, type: string, options: object, make: (given: object) => unknown][] = [
    ['perceptual', 'perceptual', {layers: LAYERS, range: [-1, 1], crop_border: 2}, perceptual as never],
    ['perceptual of grey images, usual layers', 'perceptual', {color: 'luma'}, perceptual as never],
    ['texture', 'texture', {layers: LAYERS, normalization: 'none'}, texture as never],
    ['lpips', 'lpips', {}, lpips as never],
  ];
  test.each(cases)(
    '%s, with and without ignored pixels, for each way to join a batch',
    async (_, type, options, make) => {
      const isLpips = type === 'lpips';
      const network = isLpips ? await openNetwork({network: 'squeezenet1_1', ...HASHED}) : squeezenet;
      const loss = await evaluator(type, {...options, ...(isLpips && {net: 'squeeze', ...HASHED})});
      const {pred, target} = images;
      // LPIPS's last layers see an ignored corner from everywhere.
      for (const roles of isLpips ? [{}] : [{}, {ignore: ignoreMap()}]) {
        const samples: Rasters[] = [
          {pred, target, ...roles},
          {pred: target, target: pred, ...roles},
        ];
        const expected = (await loss.values('tensor', samples)) as readonly number[];
        const functionOf = (batch: string) =>
          make({...options, network, batch}) as (x: Tensor, y: Tensor, roles: object) => Tensor;
        const stack = (role: string) => tf.stack(samples.map((sample) => tensor(sample[role] as Raster)));
        const given = 'ignore' in roles ? {ignore: stack('ignore')} : {};
        const each = functionOf('none')(stack('pred'), stack('target'), given);
        expect(each.shape).toEqual([2]);
        each.dataSync().forEach((value, i) => {
          expectNear(value, expected[i] as number, JSON.stringify(Object.keys(roles)));
        });
        const [first = Number.NaN, second = Number.NaN] = expected;
        expectNear(scalar(functionOf('sum')(stack('pred'), stack('target'), given)), first + second);
        expectNear(scalar(functionOf('mean')(stack('pred'), stack('target'), given)), (first + second) / 2);
      }
    },
  );

  test.each([
    ['features', {alpha: 2, beta: 3, gamma: 5}],
    ['gram', {statistic: 'gram', normalization: 'johnson', content_layers: {fire2: 1}, style_layers: LAYERS}],
  ] as const)('content and style: %s', async (kind, options) => {
    const {pred, target} = images;
    const style = kind === 'gram' ? images.style : images.target;
    const loss = await evaluator('content-style', options);
    const make = contentStyle({...options, network: squeezenet} as never);
    for (const roles of [{}, {ignore: ignoreMap()}]) {
      if (kind === 'features' && 'ignore' in roles) continue;
      const [expected] = (await loss.values('tensor', [{pred, content: target, style, ...roles}])) as [number];
      const others = {content: tensor(target), style: tensor(style)};
      const given = 'ignore' in roles ? {ignore: tensor(roles.ignore as Raster)} : {};
      expectNear(scalar((make as never as (...of: unknown[]) => Tensor)(tensor(pred), others, given)), expected, kind);
    }
  });

  test.each([
    {input: 'probabilities', bce: 'sum'},
    {input: 'logits', scale: 'raw', crop_border: 3},
  ] as const)('topology: %o', async (options) => {
    const pred = square(await fixtureImage('masks/prob/002'), 200, 200, SIZE);
    const target = square(await fixtureImage('masks/target/002'), 200, 200, SIZE);
    const layers = {relu_conv1: 1, fire2: 0.5};
    const loss = await evaluator('topology', {...options, layers});
    const roles = options.input === 'logits' ? {} : {ignore: ignoreMap()};
    const [expected] = await loss.values('tensor', [{pred, target, ...roles}]);
    const made = topology({...options, layers, network: squeezenet});
    const given = 'ignore' in roles ? {ignore: tensor(roles.ignore as Raster)} : {};
    expectNear(scalar(made(tensor(pred), tensor(target), given)), expected as number);
  });
});

describe('gradients', () => {
  let plain: Tf;
  beforeAll(async () => {
    plain = await javascript();
  });

  /** The slope along the gradient is its length. */
  function checkSlope(loss: (x: Tensor) => Tensor, at: Tensor, step: number): void {
    const gradient = plain.grad((x) => loss(x))(at);
    const length = Math.hypot(...gradient.dataSync());
    expect(length).toBeGreaterThan(0);
    const moved = (by: number) => scalar(loss(plain.add(at, plain.mul(gradient, by / length))));
    const slope = (moved(step) - moved(-step)) / (2 * step);
    expect(Math.abs(slope / length - 1), `${slope}, the gradient is ${length}`).toBeLessThan(0.01);
  }

  const noise = (seed: number, ...shape: number[]) => plain.randomUniform(shape, 0.1, 0.9, 'float32', seed);

  test('of images pass through the network, in prediction and target', () => {
    const [x, y] = [noise(1, 24, 24, 3), noise(2, 24, 24, 3)];
    const layers = {relu_conv1: 1, fire2: 0.01};
    for (const loss of [
      perceptual({network: squeezenet, layers}),
      texture({network: squeezenet, layers, range: [0, 2]}),
    ]) {
      checkSlope((image) => loss(image, y), x, 0.02);
      checkSlope((image) => loss(x, image), y, 0.02);
    }
    const transfer = contentStyle({network: squeezenet, content_layers: layers, style_layers: layers, gamma: 1});
    checkSlope((image) => transfer(image, {content: y, style: noise(3, 24, 24, 3)}), x, 0.02);
  });

  test('of a mask', () => {
    const labels = plain.cast(plain.greater(noise(4, 24, 24, 1), 0.5), 'int32');
    const loss = topology({network: squeezenet, input: 'logits', layers: {relu_conv1: 1}, bce: 'sum'});
    checkSlope((scores) => loss(scores, labels), noise(5, 24, 24, 1), 0.05);
  });

  test('of features of a network of your own', () => {
    const [x, y] = [noise(6, 2, 5, 4, 3), noise(7, 2, 5, 4, 3)];
    const channels = [0.5, 2, 1];
    const losses = [
      perceptual(),
      texture({normalization: 'johnson'}),
      lpips({channel_weights: {deep: channels}}),
      dists({channel_weights: {deep: {alpha: channels, beta: [1, 1, 3]}}}),
    ];
    for (const loss of losses) {
      checkSlope((deep) => loss({deep}, {deep: y}), x, 0.01);
      checkSlope((deep) => loss({deep: x}, {deep}), y, 0.01);
    }
    const transfer = contentStyle({statistic: 'gram', beta: 7});
    checkSlope((deep) => transfer({deep}, {content: {deep: y}, style: {deep: noise(8, 1, 2, 3, 3)}}), x, 0.01);
  });
});

test('of features, the loss is the weighted sum of what its formula says', () => {
  const x = {a: tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]), b: tf.tensor4d([5], [1, 1, 1, 1])};
  const y = {a: tf.tensor4d([1, 0, 3, 2], [1, 1, 2, 2]), b: tf.tensor4d([2], [1, 1, 1, 1])};
  expectNear(scalar(perceptual()(x, y)), 8 / 4 + 9);
  expectNear(scalar(perceptual({layers: {a: 3}})(x, y)), 6);
  // G = Σ f fᵀ: [10, 14; 14, 20] and [10, 6; 6, 4], over 2 positions; of b 25 and 4.
  const squares = (2 * 8 ** 2 + 16 ** 2) / (4 * 2 ** 2 * 2 ** 2);
  expectNear(scalar(texture()(x, y)), (squares + 21 ** 2 / 4) / 2);
});

test('no tensor is left behind but the value', () => {
  const {pred, target} = images;
  const [x, y] = [tensor(pred), tensor(target)];
  const loss = perceptual({network: squeezenet});
  loss(x, y);
  const before = tf.memory().numTensors;
  loss(x, y);
  expect(tf.memory().numTensors).toBe(before + 1);
});
