import '../losses/gradients.js';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {SampleError} from '../../src/errors.js';
import type {LoadedNetwork} from '../../src/networks/graph.js';
import {loadNetwork} from '../../src/networks/load.js';
import {UNIT} from '../../src/networks/preprocessing.js';
import {featureMemory, tensorFeatures} from '../../src/networks/tensor-features.js';
import {TensorWeights} from '../../src/networks/tensor-weights.js';
import {javascript, wasm} from '../losses/score.js';
import {type Activation, slowFeatures} from './slow.js';

/** Pixels of a small picture, the same every time. */
function picture(height: number, width: number, channels = 3): Float32Array {
  return Float32Array.from({length: height * width * channels}, (_, i) => ((i * 7919) % 256) / 255);
}

let squeezenet: LoadedNetwork;
let vgg: LoadedNetwork;
beforeAll(async () => {
  squeezenet = await loadNetwork({network: 'squeezenet1_0', weights: 'default', pooling: 'max', input: 'weights'});
  vgg = await loadNetwork({network: 'vgg16', weights: {hashed: 3}, pooling: 'max', input: 'weights'});
});

/** Root mean square of the difference, in parts of that of the slow form. */
function distance(fast: ArrayLike<number>, {data, channels}: Activation): number {
  let error = 0;
  let size = 0;
  const positions = data.length / channels;
  for (let i = 0; i < data.length; i++) {
    const slow = data[(i % channels) * positions + Math.floor(i / channels)] as number;
    error += ((fast[i] as number) - slow) ** 2;
    size += slow ** 2;
  }
  return Math.sqrt(error / size);
}

describe.each([
  ['wasm', wasm],
  ['javascript', javascript],
])('features on %s', (_, library) => {
  test.each([
    ['squeezenet1_0', 'max', 37, 42],
    ['squeezenet1_0', 'average', 38, 41],
    ['vgg16', 'max', 16, 19],
    ['vgg16', 'average', 17, 16],
  ] as const)(
    '%s, %s pooling, %i×%i: every layer is what the paper says, in float64',
    async (id, pooling, height, width) => {
      const tf = await library();
      const network = {...(id === 'vgg16' ? vgg : squeezenet), pooling};
      const layers = network.layers.slice(0, network.layers.indexOf('pool3') + 1 || undefined);
      const image = picture(height, width);
      const slow = slowFeatures(network, image, height, width, layers.at(-1));
      const before = tf.memory().numTensors;
      const weights = new TensorWeights(tf, network.weights);
      const input = tf.tensor4d(image, [1, height, width, 3]);
      const features = tensorFeatures(tf, network, weights, input, layers);
      expect(Object.keys(features)).toEqual(layers);
      for (const layer of layers) {
        const expected = slow.get(layer) as Activation;
        const activations = features[layer] as Tensor4D;
        expect(activations.shape).toEqual([1, expected.height, expected.width, expected.channels]);
        expect(distance(await activations.data(), expected)).toBeLessThan(3e-6);
      }
      tf.dispose([input, features]);
      weights.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test('have gradients', async () => {
    const tf = await library();
    const [height, width] = [18, 17];
    const network = {...squeezenet, pooling: 'average' as const};
    const weights = new TensorWeights(tf, network.weights);
    const image = picture(height, width);
    const gradient = tf.grad((x) =>
      tf.mean(tf.square(tensorFeatures(tf, network, weights, x as Tensor4D, ['fire2']).fire2 as Tensor4D)),
    )(tf.tensor4d(image, [1, height, width, 3]));
    const values = await gradient.data();
    const meanSquare = (changed: number, by: number) => {
      const moved = Float64Array.from(image, (value, i) => (i === changed ? value + by : value));
      const {data} = slowFeatures(network, moved, height, width).get('fire2') as Activation;
      return data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
    };
    for (const i of [0, 100, 450, 700]) {
      const slope = (meanSquare(i, 1e-4) - meanSquare(i, -1e-4)) / 2e-4;
      expect(Math.abs((values[i] as number) / slope - 1)).toBeLessThan(1e-2);
    }
    weights.dispose();
  });
});

describe('features', () => {
  test('of a batch are those of its images, bit for bit', async () => {
    const tf = await wasm();
    const weights = new TensorWeights(tf, vgg.weights);
    const both = picture(24 * 2, 20);
    const of = async (values: Float32Array, n: number) => {
      const {relu2_1} = tensorFeatures(tf, vgg, weights, tf.tensor4d(values, [n, 24, 20, 3]), ['relu2_1']);
      return [...(await (relu2_1 as Tensor4D).data())];
    };
    const half = both.length / 2;
    expect(await of(both, 2)).toEqual([...(await of(both.slice(0, half), 1)), ...(await of(both.slice(half), 1))]);
    weights.dispose();
  });

  test('of grey are those of three equal channels', async () => {
    const tf = await wasm();
    const weights = new TensorWeights(tf, squeezenet.weights);
    const grey = picture(20, 20, 1);
    const three = Float32Array.from({length: 1200}, (_, i) => grey[Math.floor(i / 3)] as number);
    const of = async (values: Float32Array, channels: number) => {
      const {fire2} = tensorFeatures(tf, squeezenet, weights, tf.tensor4d(values, [1, 20, 20, channels]), ['fire2']);
      return [...(await (fire2 as Tensor4D).data())];
    };
    expect(await of(grey, 1)).toEqual(await of(three, 3));
    weights.dispose();
  });

  test('the caller keeps its images, with no preprocessing too', async () => {
    const tf = await wasm();
    const network = {...vgg, preprocessing: UNIT};
    const weights = new TensorWeights(tf, network.weights);
    const image = tf.tensor4d(picture(4, 4), [1, 4, 4, 3]);
    tf.dispose(tensorFeatures(tf, network, weights, image, ['relu1_1', 'relu1_2']));
    expect([...(await image.data())]).toEqual([...picture(4, 4)]);
    tf.dispose(image);
    weights.dispose();
  });

  test('only what the layers need is computed, and at no time is more held than announced', async () => {
    const tf = await wasm();
    const [height, width] = [64, 48];
    for (const [network, layers] of [
      [squeezenet, ['fire4']],
      [vgg, ['relu1_1', 'relu3_3']],
      [{...squeezenet, preprocessing: UNIT}, ['relu_conv1']],
    ] as const) {
      const weights = new TensorWeights(tf, network.weights);
      const image = tf.tensor4d(picture(height, width), [1, height, width, 3]);
      const before = tf.memory().numBytes;
      tf.dispose(tensorFeatures(tf, network, weights, image, layers));
      const ofWeights = tf.memory().numBytes - before;
      const needed = layers.includes('fire4' as never) ? 10 : layers.includes('relu3_3' as never) ? 7 : 1;
      expect(tf.memory().numTensors).toBeGreaterThan(2 * needed);
      const profile = await tf.profile(() => {
        const made = tensorFeatures(tf, network, weights, image, layers);
        tf.dispose(made);
        return tf.scalar(0);
      });
      expect(profile.kernels.filter(({name}) => name === 'FusedConv2D')).toHaveLength(needed);
      const peak = profile.peakBytes - before - ofWeights;
      const announced = featureMemory(network, layers, height, width);
      expect(peak).toBeLessThanOrEqual(announced);
      expect(announced).toBeLessThan(3 * peak);
      tf.dispose(image);
      weights.dispose();
    }
  });

  test('an image that is too small, and a name that is no layer', async () => {
    const tf = await wasm();
    const weights = new TensorWeights(tf, squeezenet.weights);
    const image = tf.tensor4d(picture(8, 30), [1, 8, 30, 3]);
    expect(() => tensorFeatures(tf, squeezenet, weights, image, ['relu_conv1', 'fire2'])).toThrow(SampleError);
    expect(() => tensorFeatures(tf, squeezenet, weights, image, ['relu1_1'])).toThrow(RangeError);
    tf.dispose(image);
  });
});
