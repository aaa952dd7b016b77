import '../losses/gradients.js';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import type {View} from '../../src/kernels/view.js';
import type {FastExecutor} from '../../src/networks/fast-executor.js';
import type {LoadedNetwork, NetworkOperation} from '../../src/networks/graph.js';
import {l2Pooled} from '../../src/networks/l2-pooling.js';
import {loadNetwork} from '../../src/networks/load.js';
import {onnxExecutor} from '../../src/networks/onnx/executor.js';
import {validAt} from '../../src/networks/receptive-field.js';
import {layerShape} from '../../src/networks/shapes.js';
import {squeezenet1_0} from '../../src/networks/squeezenet.js';
import {tensorFeatures} from '../../src/networks/tensor-features.js';
import {l2Pool} from '../../src/networks/tensor-l2-pool.js';
import {TensorWeights} from '../../src/networks/tensor-weights.js';
import {javascript, wasm} from '../losses/score.js';
import {values} from './onnx/small-network.js';
import {slowFeatures} from './slow.js';

let vgg: LoadedNetwork;
beforeAll(async () => {
  vgg = await loadNetwork({network: 'vgg16', weights: {hashed: 3}, pooling: 'l2', input: 'weights'});
});

const LAYERS = ['pool1', 'relu2_2', 'pool2', 'relu3_1'];
const image = (height: number, width: number, seed: number) =>
  values(height * width * 3, seed).map((value) => value + 0.5);
const view = (data: Float32Array, height: number, width: number): View => {
  return {data, scale: 1, offset: 0, height, width, channels: 3, integer: false};
};

describe.each([
  [16, 20],
  [13, 7],
])('VGG16 with l2 pooling at %i×%i', (height, width) => {
  test.each([
    ['wasm', wasm],
    ['javascript', javascript],
  ])('features on %s are those of the definition in float64', async (_, library) => {
    const tf = await library();
    const tensors = new TensorWeights(tf, vgg.weights);
    const data = image(height, width, 1);
    const slow = slowFeatures(vgg, data, height, width, 'relu3_1');
    const features = tf.tidy(() => tensorFeatures(tf, vgg, tensors, tf.tensor4d(data, [1, height, width, 3]), LAYERS));
    for (const layer of LAYERS) {
      const expected = slow.get(layer);
      if (!expected) throw new Error(layer);
      const {channels} = expected;
      const found = await (features[layer] as Tensor4D).data();
      expect(features[layer]?.shape).toEqual([1, expected.height, expected.width, channels]);
      expect(layerShape(vgg, layer, height, width)).toEqual({
        channels,
        height: expected.height,
        width: expected.width,
      });
      const positions = expected.height * expected.width;
      let [error, size] = [0, 0];
      expected.data.forEach((value, i) => {
        error += (value - (found[(i % positions) * channels + Math.floor(i / positions)] as number)) ** 2;
        size += value ** 2;
      });
      expect(Math.sqrt(error / size)).toBeLessThan(1e-5);
    }
    tf.dispose(features);
    tensors.dispose();
  });

  test('so are the terms of ONNX Runtime', async () => {
    const executor = (await onnxExecutor(vgg, {threads: 1})) as FastExecutor;
    onTestFinished(() => executor.close());
    const [x, y] = [image(height, width, 1), image(height, width, 2)];
    const found = await executor
      .comparison(LAYERS.map((layer) => ({layer, statistic: 'difference'})))
      .compare({x: view(x, height, width), y: view(y, height, width), validX: null, validY: null});
    const [slowX, slowY] = [x, y].map((data) => slowFeatures(vgg, data, height, width, 'relu3_1'));
    LAYERS.forEach((layer, i) => {
      const [a, b] = [slowX?.get(layer)?.data, slowY?.get(layer)?.data] as [Float64Array, Float64Array];
      const expected = a.reduce((sum, value, at) => sum + (value - (b[at] as number)) ** 2, 0) / a.length;
      expect(Math.abs((found[i] as number) / expected - 1)).toBeLessThan(1e-5);
    });
  });
});

test('a position is valid when no ignored pixel changes it', () => {
  const [height, width, ignored] = [15, 18, 7 * 18 + 8];
  const before = image(height, width, 1);
  const after = before.slice();
  for (let c = 0; c < 3; c++) after[3 * ignored + c] = 0.25 + (after[3 * ignored + c] as number);
  const valid = new Uint8Array(height * width).fill(1);
  valid[ignored] = 0;
  const [one, other] = [before, after].map((data) => slowFeatures(vgg, data, height, width, 'pool2'));
  for (const layer of ['pool1', 'pool2']) {
    const [a, b] = [one?.get(layer)?.data, other?.get(layer)?.data] as [Float64Array, Float64Array];
    const shape = layerShape(vgg, layer, height, width);
    const positions = shape.height * shape.width;
    const same = Uint8Array.from({length: positions}, (_, p) =>
      Number(Array.from({length: shape.channels}, (_unused, c) => c * positions + p).every((i) => a[i] === b[i])),
    );
    expect(same).toContain(0);
    expect(validAt(vgg.nodes, layer, valid, height, width)).toEqual(same);
  }
});

const POOL: Extract<NetworkOperation, {type: 'l2-pool'}> = {
  type: 'l2-pool',
  channels: 2,
  kernel: 3,
  stride: 2,
  padding: 1,
};

test('has the slopes of its values, and none that is not finite where all is 0', async () => {
  const tf = await javascript();
  const total = (x: Tensor4D) =>
    tf.sum(tf.mul(l2Pool(tf, x, POOL), tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2])));
  const at = values(32, 1);
  const x = tf.tensor4d(at, [1, 4, 4, 2]);
  const gradient = await tf
    .grad((z) => total(z as Tensor4D))(x)
    .data();
  const step = 1e-2;
  for (const i of [0, 3, 13, 26, 31]) {
    const [low, high] = [-step, step].map((move) => {
      const moved = at.map((value, k) => (k === i ? value + move : value));
      return total(tf.tensor4d(moved, [1, 4, 4, 2])).dataSync()[0] as number;
    }) as [number, number];
    expect(gradient[i]).toBeCloseTo((high - low) / (2 * step), 2);
  }
  const flat = await tf
    .grad((z) => total(z as Tensor4D))(tf.zeros([1, 4, 4, 2]))
    .data();
  expect([...flat]).toEqual(Array(32).fill(0));
});

test('is made of 2×2 pools alone', () => {
  expect(() => l2Pooled(squeezenet1_0)).toThrow(
    expect.objectContaining({
      code: 'CVL-N011',
      message: expect.stringContaining('squeezenet1_0: pooling l2 takes the place of 2×2 pools, and its pool1 is 3×3'),
    }),
  );
});
