import {readFileSync} from 'node:fs';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {View} from '../../../src/kernels/view.js';
import type {FastExecutor, FeatureTerm} from '../../../src/networks/fast-executor.js';
import {loadNetwork} from '../../../src/networks/load.js';
import {onnxExecutor} from '../../../src/networks/onnx/executor.js';
import {tensorFeatures} from '../../../src/networks/tensor-features.js';
import {TensorWeights} from '../../../src/networks/tensor-weights.js';
import {wasm} from '../../losses/score.js';
import type {Activation} from '../slow.js';
import {slowTerm} from './slow-terms.js';

/** The square [from, to) of both sides of a photograph. */
async function readView(path: string, [from, to]: readonly [number, number]): Promise<View> {
  const side = to - from;
  const {data, info} = await sharp(path)
    .removeAlpha()
    .extract({left: from, top: from, width: side, height: side})
    .raw()
    .toBuffer({resolveWithObject: true});
  return {data, scale: 1 / 255, offset: 0, height: side, width: side, channels: info.channels, integer: true};
}

async function executorOf(loaded: Parameters<typeof onnxExecutor>[0]): Promise<FastExecutor> {
  const made = (await onnxExecutor(loaded, {threads: 2})) as FastExecutor;
  onTestFinished(() => made.close());
  return made;
}

const termsAt = (layers: readonly string[]): FeatureTerm[] =>
  layers.flatMap((layer) => [
    {layer, statistic: 'difference'},
    {layer, statistic: 'gram'},
  ]);

const offBy = (found: number | undefined, expected: number) => Math.abs((found ?? Number.NaN) / expected - 1);

describe('terms at every layer are those of the activations that tfjs computes', () => {
  test.each([
    ['squeezenet1_0', 'default', 'max'],
    ['squeezenet1_0', 'default', 'average'],
    ['vgg16', {hashed: 1}, 'max'],
    ['vgg19', {hashed: 2}, 'average'],
  ] as const)('%s, %o weights, %s pooling', async (id, weights, pooling) => {
    const tf = await wasm();
    const loaded = await loadNetwork({network: id, weights, pooling, input: 'weights'});
    const tensors = new TensorWeights(tf, loaded.weights);
    const views = await Promise.all(
      ['pred', 'target'].map((role) => readView(`fixtures/photos/${role}/000.png`, [200, 243])),
    );
    const [x, y] = views as [View, View];
    const terms = termsAt(loaded.layers);
    const found = await (await executorOf(loaded)).comparison(terms).compare({x, y, validX: null, validY: null});

    const activations = views.map(({data, height, width}) => {
      const values = Float32Array.from(data, (value) => value / 255);
      const image = tf.tensor4d(values, [1, height, width, 3]);
      const features = tensorFeatures(tf, loaded, tensors, image, loaded.layers);
      image.dispose();
      return features;
    });
    for (const layer of loaded.layers) {
      const [ofX, ofY] = (await Promise.all(activations.map((features) => planes(features[layer] as Tensor4D)))) as [
        Activation,
        Activation,
      ];
      for (const statistic of ['difference', 'gram'] as const) {
        const at = terms.findIndex((term) => term.layer === layer && term.statistic === statistic);
        expect([layer, statistic, offBy(found[at], slowTerm(ofX, ofY, {layer, statistic})) < 1e-4]).toEqual([
          layer,
          statistic,
          true,
        ]);
      }
    }
    tf.dispose(activations);
    tensors.dispose();
  });
});

async function planes(features: Tensor4D): Promise<Activation> {
  const [, height, width, channels] = features.shape;
  const values = await features.data();
  const positions = height * width;
  const data = Float64Array.from(
    values,
    (_, i) => values[(i % positions) * channels + Math.floor(i / positions)] as number,
  );
  return {data, channels, height, width};
}

interface Terms {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly perceptual: number;
  /** Σ(G − A)² of Gram matrices divided by C·H·W. */
  readonly texture_johnson: number;
}

const reference = JSON.parse(readFileSync('fixtures/features.json', 'utf8')) as Record<
  string,
  Record<string, Record<string, Terms>>
>;

describe("PyTorch's terms", () => {
  test.each([
    ['squeezenet1_0', 'squeezenet1_0', '000', 'default', [0, 512]],
    ['squeezenet1_0', 'squeezenet1_0', '003', 'default', [0, 512]],
    ['vgg16', 'vgg16_hashed_seed0', '001', {hashed: 0}, [176, 336]],
    ['vgg19', 'vgg19_hashed_seed0', '001', {hashed: 0}, [176, 336]],
  ] as const)('%s: %s, photograph %s, at every layer', async (id, name, key, weights, crop) => {
    const expected = Object.entries(reference[name]?.[key] ?? {});
    expect(expected.length).toBeGreaterThan(8);
    const loaded = await loadNetwork({network: id, weights, pooling: 'max', input: 'weights'});
    const [x, y] = await Promise.all([
      readView(`fixtures/photos/pred/${key}.png`, crop),
      readView(`fixtures/photos/target/${key}.png`, crop),
    ]);
    const found = await (await executorOf(loaded))
      .comparison(termsAt(expected.map(([layer]) => layer)))
      .compare({x, y, validX: null, validY: null});
    expected.forEach(([layer, {shape, perceptual, texture_johnson}], i) => {
      const gram = texture_johnson * shape[0] ** 2;
      expect([layer, offBy(found[2 * i], perceptual) < 1e-5]).toEqual([layer, true]);
      expect([layer, offBy(found[2 * i + 1], gram) < 1e-4]).toEqual([layer, true]);
    });
  });
});
