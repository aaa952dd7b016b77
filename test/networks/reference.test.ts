import {readFileSync} from 'node:fs';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {loadNetwork} from '../../src/networks/load.js';
import {tensorFeatures} from '../../src/networks/tensor-features.js';
import {TensorWeights} from '../../src/networks/tensor-weights.js';
import {withSafetensors} from '../../src/networks/weights/safetensors.js';
import {wasm} from '../losses/score.js';
import {readImage} from './images.js';

type Terms = Readonly<Record<string, number>>;

const reference = JSON.parse(readFileSync('fixtures/features.json', 'utf8')) as Record<
  string,
  Record<string, Record<string, Terms>>
>;

/** Mean squared difference, in float64. */
function perceptualTerm(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += ((x[i] as number) - (y[i] as number)) ** 2;
  return sum / x.length;
}

/** Σ(G − A)²/(4·N²·M²) of the Gram matrices, in float64. */
function textureTerm(x: ArrayLike<number>, y: ArrayLike<number>, channels: number): number {
  const gx = gram(x, channels);
  const gy = gram(y, channels);
  const sum = gx.reduce((total, value, i) => total + (value - (gy[i] as number)) ** 2, 0);
  return sum / (4 * x.length ** 2);
}

/** F·Fᵀ of `[positions, channels]`. */
function gram(values: ArrayLike<number>, channels: number): Float64Array {
  const out = new Float64Array(channels * channels);
  for (let at = 0; at < values.length; at += channels) {
    for (let i = 0; i < channels; i++) {
      const value = values[at + i] as number;
      // Half of what a ReLU gives is zero.
      if (value === 0) continue;
      for (let j = 0; j < channels; j++) {
        out[i * channels + j] = (out[i * channels + j] as number) + value * (values[at + j] as number);
      }
    }
  }
  return out;
}

const offBy = (found: number, expected: number | undefined) => Math.abs(found / (expected ?? Number.NaN) - 1);

interface Case {
  readonly id: string;
  readonly key: string;
  readonly weights: 'default' | {readonly hashed: number};
  readonly crop?: readonly [from: number, to: number];
  /** Layers whose texture term is compared too: loops in float64 take their time. */
  readonly grams: readonly string[];
}

async function compare({id, key, weights, crop, grams}: Case): Promise<void> {
  const tf = await wasm();
  const name = weights === 'default' ? id : `${id}_hashed_seed0`;
  const expected = Object.entries(reference[name]?.[key] ?? {});
  expect(expected.length).toBeGreaterThan(8);
  const network = await loadNetwork({network: id, weights, pooling: 'max', input: 'weights'});
  const tensors = new TensorWeights(tf, network.weights);
  const layers = expected.map(([layer]) => layer);
  const of = async (role: string) => {
    const image = await readImage(tf, `fixtures/photos/${role}/${key}.png`, crop);
    const features = tensorFeatures(tf, network, tensors, image, layers);
    image.dispose();
    return features;
  };
  const [pred, target] = [await of('pred'), await of('target')];
  for (const [layer, {perceptual, texture_gatys}] of expected) {
    const [x, y] = [pred[layer] as Tensor4D, target[layer] as Tensor4D];
    const [fast, slow] = [await x.data(), await y.data()];
    expect([layer, offBy(perceptualTerm(fast, slow), perceptual) < 1e-4]).toEqual([layer, true]);
    if (!grams.includes(layer)) continue;
    expect([layer, offBy(textureTerm(fast, slow, x.shape[3]), texture_gatys) < 1e-4]).toEqual([layer, true]);
  }
  tf.dispose([pred, target]);
  tensors.dispose();
}

const CASES: readonly Case[] = [
  {id: 'squeezenet1_0', key: '000', weights: 'default', grams: ['fire2', 'fire9']},
  {id: 'squeezenet1_0', key: '003', weights: 'default', grams: []},
  {id: 'vgg16', key: '001', weights: {hashed: 0}, crop: [176, 336], grams: ['relu1_1', 'relu4_3']},
  {id: 'vgg19', key: '001', weights: {hashed: 0}, crop: [176, 336], grams: ['relu2_2', 'relu5_1']},
];

describe("PyTorch's terms", () => {
  test.each(CASES)('$id, $key: every layer', (one) => compare(one));
});

// The classes and their probabilities by PyTorch, of the same squares before they were rounded to 8 bits.
const CLASSES = [
  ['chelsea', 285, 0.66],
  ['coffee', 967, 0.99],
  ['camera', 872, 0.997],
  ['hubble_deep_field', 971, 0.72],
  ['rocket', 733, 0.73],
] as const;

describe('SqueezeNet knows what is on a photograph', () => {
  test.each(CLASSES)('%s: class %i', async (name, best, probability) => {
    const tf = await wasm();
    const network = await loadNetwork({network: 'squeezenet1_0', weights: 'default', pooling: 'max', input: 'weights'});
    const tensors = new TensorWeights(tf, network.weights);
    const image = await readImage(tf, `fixtures/networks/photos/${name}.png`);
    const features = tensorFeatures(tf, network, tensors, image, ['fire9']).fire9 as Tensor4D;
    const probabilities = await classify(await features.data());
    expect(probabilities.indexOf(Math.max(...probabilities))).toBe(best);
    expect(Math.abs((probabilities[best] as number) - probability)).toBeLessThan(0.02);
    tf.dispose([image, features]);
    tensors.dispose();
  });
});

/** conv10, ReLU, the mean over positions, softmax. */
async function classify(features: ArrayLike<number>): Promise<number[]> {
  const path = 'fixtures/networks/squeezenet1_0-classifier.safetensors';
  const [kernel, bias] = await withSafetensors(
    path,
    async ({read}) => [await read('conv10.weight'), await read('conv10.bias')] as const,
  );
  const positions = features.length / 512;
  const scores = Array.from(bias, (start, o) => {
    let mean = 0;
    for (let at = 0; at < features.length; at += 512) {
      let score = start;
      for (let c = 0; c < 512; c++) score += (kernel[o * 512 + c] as number) * (features[at + c] as number);
      mean += Math.max(0, score) / positions;
    }
    return mean;
  });
  const top = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - top), 0);
  return scores.map((score) => Math.exp(score - top) / sum);
}
