import '../losses/gradients.js';
import type {Tensor} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {
  contentStyle,
  crossEntropy,
  cycleConsistency,
  dice,
  dists,
  type FeatureExtractor,
  frechetDistance,
  ganMinimax,
  gmsd,
  lpips,
  mse,
  type PairLoss,
  perceptual,
  ssim,
  texture,
  topology,
  triplet,
  UsageError,
  weightedCrossEntropy,
  wgan,
} from '../../src/loss-functions/index.js';
import {javascript} from '../losses/score.js';

let tf: Awaited<ReturnType<typeof javascript>>;
beforeAll(async () => {
  tf = await javascript();
});

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return expect.unreachable('it did not throw');
}

/** Options that TypeScript would refuse. */
const wrong = (options: object) => options as never;

describe('options', () => {
  test.each<[string, () => unknown, string]>([
    [
      'an unknown one',
      () => mse(wrong({colour: 'luma'})),
      "mse: unknown key 'colour', expected color, range, crop_border or batch; did you mean 'color'?",
    ],
    ['a value', () => ssim(wrong({k1: -1})), 'ssim: k1: expected a number above 0, got -1'],
    ['a reduction', () => ssim(wrong({batch: 'max'})), "ssim: batch: expected mean, sum or none, got 'max'"],
    ['a mode', () => dice(wrong({mode: 'hard', input: 'logits'})), "dice: unknown key 'mode'"],
    [
      'no input',
      () => crossEntropy(wrong({})),
      "cross-entropy: say what the prediction holds: input: 'probabilities' or input: 'logits'",
    ],
    ['a first pass', () => weightedCrossEntropy(wrong({input: 'logits', over: 'dataset'})), "unknown key 'over'"],
    ['a manifest', () => triplet(wrong({tuples: 'a.csv'})), "triplet: unknown key 'tuples'"],
    ['a batch of a set', () => wgan(wrong({batch: 'sum'})), "wgan: unknown key 'batch'"],
  ])('%s is refused at once', (_, make, message) => {
    expect(refusal(make)).toContain(message);
  });
});

describe('tensors', () => {
  const image = (...shape: number[]) => tf.ones(shape);
  const call = (loss: PairLoss, ...given: unknown[]) =>
    refusal(() => (loss as (...all: unknown[]) => Tensor)(...given));

  test('of another size, shape or type are refused with what was expected', () => {
    const loss = mse();
    expect(call(loss, image(4, 5, 3), image(4, 6, 3))).toBe(
      'mse: pred has the shape [1, 4, 5, 3] and target [1, 4, 6, 3]',
    );
    expect(call(loss, image(2, 4, 5, 3), image(4, 5, 3))).toBe(
      'mse: expected target of shape [n, h, w, c], got [4, 5, 3]',
    );
    expect(call(loss, image(4, 5), image(4, 5))).toContain('expected pred of shape [n, h, w, c], got [4, 5]');
    expect(call(loss, tf.cast(image(4, 5, 3), 'int32'), image(4, 5, 3))).toBe(
      'mse: expected pred of float32, got int32: convert it, pixels of 8 bits as tf.div(image, 255)',
    );
    expect(call(loss, image(4, 5, 3), image(4, 5, 1))).toBe('mse: pred has 3 channels and target 1');
    expect(call(loss, image(4, 5, 3))).toBe('mse: expected a tensor as target');
    expect(call(loss, image(4, 5, 3), image(4, 5, 3), {mask: image(4, 5)})).toBe(
      "mse: unknown role 'mask', expected pred, target, weight, ignore",
    );
    expect(call(ssim({color: 'luma'}), image(16, 16, 2), image(16, 16, 2))).toBe(
      'ssim: color luma needs 1 or 3 channels, pred has 2',
    );
    expect(refusal(() => triplet()({anchors: image(2, 3), positives: image(2, 3)} as never))).toBe(
      'triplet: expected a tensor as negatives',
    );
  });

  test('labels may lack their channel; a label that is no class is refused', () => {
    const scores = tf.tensor4d([0.2, 0.8, 0.5, 0.5], [1, 1, 2, 2]);
    const loss = crossEntropy({input: 'probabilities'});
    const value = loss(scores, tf.tensor3d([1, 0], [1, 1, 2], 'int32')).dataSync()[0] as number;
    expect(value).toBeCloseTo(-(Math.log(0.8) + Math.log(0.5)) / 2, 5);
    expect(() => loss(scores, tf.tensor3d([1, 2], [1, 1, 2], 'int32'))).toThrow('target has id 2 at x 1, y 0');
  });

  test('no tensor is left behind but the value and the gradient', () => {
    const [x, y] = [
      tf.randomUniform([12, 12, 3], 0, 1, 'float32', 1),
      tf.randomUniform([12, 12, 3], 0, 1, 'float32', 2),
    ];
    const before = tf.memory().numTensors;
    ssim()(x, y);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.grad((pred) => ssim()(pred, y))(x);
    expect(tf.memory().numTensors).toBe(before + 2);
  });
});

test('gmsd passes the rounding of its luminance: a step up and down a level has its slope', () => {
  const level = (i: number) => Math.round(90 + 60 * Math.sin(i / 3) + 30 * Math.cos(i * i));
  const values = Float32Array.from({length: 144}, (_, i) => level(i) / 255);
  const target = tf.tensor3d(
    Float32Array.from(values, (_, i) => level(i + 7) / 255),
    [12, 12, 1],
  );
  const loss = (of: Float32Array) => gmsd()(tf.tensor3d(of, [12, 12, 1]), target).dataSync()[0] as number;
  const slopes = tf
    .grad((x: Tensor) => gmsd()(x, target))(tf.tensor3d(values, [12, 12, 1]))
    .dataSync();
  const largest = Math.max(...slopes.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  for (const at of [0, 17, 44, 71, 100, 143]) {
    const moved = (step: number) => loss(values.map((value, i) => (i === at ? value + step / 255 : value)));
    expect(Math.abs(((moved(1) - moved(-1)) * 255) / 2 - (slopes[at] as number))).toBeLessThan(0.05 * largest);
  }
});

test('losses of vectors and scores are the programs of evaluate, which their own tests hold to their formulas', () => {
  const vectors = (values: number[]) => tf.tensor2d(values, [2, 2]);
  const loss = triplet({margin: 0.5, normalize: false});
  const given = {anchors: vectors([0, 0, 1, 1]), positives: vectors([0, 1, 1, 1]), negatives: vectors([1, 0, 9, 9])};
  expect(loss(given).dataSync()[0]).toBeCloseTo((1 - 1 + 0.5 + 0) / 2, 6);
  const {discriminator, generator} = ganMinimax()({real: tf.tensor1d([0]), fake: tf.tensor1d([0])});
  expect(discriminator.dataSync()[0]).toBeCloseTo(2 * Math.LN2, 6);
  expect(generator.dataSync()[0]).toBeCloseTo(-Math.LN2, 6);
  const slope = tf.grad((fake) => wgan()({real: tf.tensor1d([1, 2]), fake}).critic)(tf.tensor1d([3, 4]));
  expect([...slope.dataSync()]).toEqual([0.5, 0.5]);
});

describe('cycle consistency', () => {
  const images = (a: number, b: number) => {
    const image = (seed: number, n: number, side: number) =>
      tf.randomUniform([n, side, side, 3], -1, 1, 'float32', seed);
    return {real_a: image(1, a, 5), rec_a: image(2, a, 5), real_b: image(3, b, 4), rec_b: image(4, b, 4)};
  };
  const meanError = (x: Tensor, y: Tensor) => tf.mean(tf.abs(tf.sub(x, y))).dataSync()[0] as number;

  test('is the sum of the means of both sets, whatever their sizes', () => {
    const given = images(2, 3);
    const cycle = meanError(given.rec_a, given.real_a) + meanError(given.rec_b, given.real_b);
    expect(cycleConsistency()(given).dataSync()[0]).toBeCloseTo(10 * cycle, 4);
    const same = {...given, same_a: given.rec_a, same_b: given.rec_b};
    expect(cycleConsistency({lambda: 2, identity_weight: 1})(same).dataSync()[0]).toBeCloseTo(4 * cycle, 4);
  });

  test('has a gradient in what the generators made', () => {
    const given = images(1, 1);
    const loss = cycleConsistency({norm: 'l2', lambda: 3});
    const slope = tf.grad((rec_b) => loss({...given, rec_b}))(given.rec_b);
    const expected = tf.mul(tf.sub(given.rec_b, given.real_b), (3 * 2) / given.rec_b.size);
    expect(tf.max(tf.abs(tf.sub(slope, expected))).dataSync()[0]).toBeLessThan(1e-7);
  });

  test('refuses what it cannot take', () => {
    const {rec_b: _, ...rest} = images(1, 1);
    expect(refusal(() => cycleConsistency()(rest as never))).toBe('cycle-consistency: expected a tensor as rec_b');
    const wrong = {...images(1, 1), rec_a: tf.ones([1, 4, 4, 3])};
    expect(refusal(() => cycleConsistency()(wrong))).toContain(
      'real_a has the shape [1, 5, 5, 3] and rec_a [1, 4, 4, 3]',
    );
  });
});

describe('losses of features', () => {
  const image = (side = 8, channels = 3) => tf.ones([side, side, channels]);
  const own = {features: (x: Tensor) => ({deep: x})} as unknown as FeatureExtractor;
  test.each<[string, () => unknown, string]>([
    [
      'a name for a network',
      () => perceptual({network: 'vgg19' as never}),
      "expected what openNetwork or readNetwork gives, or {features(images, layers)}, got 'vgg19'",
    ],
    [
      'no layers of a network of your own',
      () => perceptual({network: own}),
      'perceptual: layers: a network of your own has no usual layers',
    ],
    [
      'no learnt weights',
      () => lpips({network: own}),
      "lpips: a network of your own brings nothing that lpips learnt; of openNetwork, these do: alexnet, vgg16, squeezenet1_1 with weights: 'torchvision'. Or give channel_weights",
    ],
    [
      'learnt weights of another loss',
      () => perceptual({channel_weights: {}} as never),
      "perceptual: unknown key 'channel_weights'",
    ],
    ['pixels of features', () => texture({range: [0, 255]} as never), "texture: unknown key 'range'"],
    ['variation of features', () => contentStyle({gamma: 1} as never), "content-style: unknown key 'gamma'"],
    [
      'no network for masks',
      () => topology({input: 'logits'} as never),
      'topology: network: expected what openNetwork',
    ],
    ['scores of a kind unknown', () => topology({network: own} as never), 'topology: say what the prediction holds'],
    [
      'wrong learnt weights',
      () => dists({channel_weights: {deep: {alpha: [Number.NaN], beta: [1]}}})({deep: image()}, {deep: image()}),
      'dists: channel_weights: deep.alpha: expected a list of finite numbers',
    ],
    [
      'learnt weights of a layer that are none',
      () => dists({channel_weights: {image: null as never}})({image: image()}, {image: image()}),
      'dists: channel_weights: image.alpha: expected a list of finite numbers',
    ],
    [
      'learnt weights that are all 0',
      () => dists({channel_weights: {image: {alpha: [0, 0, 0], beta: [0, 0, 0]}}})({image: image()}, {image: image()}),
      'dists: channel_weights: they add up to 0, so none has a share',
    ],
    [
      'learnt weights past float32',
      () =>
        dists({channel_weights: {image: {alpha: [1e39, 0, 0], beta: [0, 0, 0]}}})({image: image()}, {image: image()}),
      'dists: channel_weights: they add up to Infinity, so none has a share',
    ],
    [
      'learnt weights of no layer',
      () => lpips({channel_weights: {}})({deep: image()}, {deep: image()}),
      'lpips: channel_weights: expected what was learnt of at least one layer, by layer',
    ],
    [
      'learnt weights of no layer, with a network',
      () => dists({network: own, channel_weights: {}}),
      'dists: channel_weights: expected what was learnt of at least one layer, by layer',
    ],
    ['features of no layer', () => perceptual()({}, {}), 'perceptual: there is no layer to compare'],
    [
      'Gram matrices of sums over different sizes',
      () => texture({normalization: 'none'})({deep: image(8)}, {deep: image(9)}),
      'texture: normalization none compares Gram matrices of equally many positions, deep has 64 in pred and 81',
    ],
    [
      'ignored pixels of a content of another size',
      () =>
        contentStyle({network: own, content_layers: {deep: 1}, style_layers: {deep: 1}})(
          image(),
          {content: image(9), style: image()},
          {ignore: tf.zeros([8, 8])},
        ),
      'content-style: with ignore, pred and content must be of one size, got [1, 8, 8, 3] and [1, 9, 9, 3]',
    ],
    [
      'labels left out, with a network of your own',
      () =>
        topology({network: own, layers: {deep: 1}, input: 'logits', scale: 'raw', ignore_index: 255})(
          image(8, 1),
          tf.fill([8, 8, 1], 255),
        ),
      'topology: pixels that are left out (ignore, ignore_index) need a network of openNetwork or readNetwork',
    ],
    [
      'images where features are expected',
      () => perceptual()(image() as never, image() as never),
      'perceptual: expected the features of pred by layer; of images, give a network',
    ],
    [
      'a layer that is not there',
      () => perceptual({layers: {deep: 1}})({}, {}),
      'perceptual: expected a tensor of deep among the features of pred',
    ],
    [
      'features of different sizes',
      () => perceptual()({deep: image()}, {deep: image(9)}),
      'perceptual: deep has the shape [1, 8, 8, 3] of the prediction and [1, 9, 9, 3] of what it is compared with',
    ],
    [
      'weights of another number of channels',
      () => lpips({channel_weights: {deep: [1]}})({deep: image()}, {deep: image()}),
      'lpips: deep has 3 channels, its channel_weights are 1',
    ],
    [
      'images of two channels',
      () => perceptual({network: own, layers: {deep: 1}})(image(8, 2), image(8, 2)),
      'perceptual: pred has 2 channels, a network takes images of 1 or 3',
    ],
    [
      'ignored pixels of a network of your own',
      () => perceptual({network: own, layers: {deep: 1}})(image(), image(), {ignore: tf.zeros([8, 8])}),
      'perceptual: pixels that are left out (ignore, ignore_index) need a network of openNetwork or readNetwork',
    ],
    [
      'ignored pixels of another size',
      () => perceptual({network: own, layers: {deep: 1}})(image(), image(), {ignore: tf.zeros([7, 8])}),
      'perceptual: pred has the shape [8, 8, 3] and ignore [7, 8]',
    ],
    [
      'an unknown role',
      () => perceptual({network: own, layers: {deep: 1}})(image(), image(), {weight: image()} as never),
      "perceptual: unknown role 'weight', expected ignore",
    ],
    [
      'one of content and style',
      () => contentStyle()({deep: image()}, {content: {deep: image()}} as never),
      'content-style: expected {content, style} beside the prediction',
    ],
    [
      'a set of one vector',
      () => frechetDistance()({real: tf.ones([1, 2]), fake: tf.ones([3, 2])}),
      'frechet-distance: expected real [n, d] and fake [m, d] of two vectors or more, got [1, 2] and [3, 2]',
    ],
  ])('%s is refused', (_, make, message) => {
    expect(refusal(make)).toContain(message);
  });
});
