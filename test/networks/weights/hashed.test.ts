import {createHash} from 'node:crypto';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {convolutions} from '../../../src/networks/convolutions.js';
import {squeezenet1_0} from '../../../src/networks/squeezenet.js';
import {vgg19} from '../../../src/networks/vgg.js';
import {weightsHash} from '../../../src/networks/weights/hash.js';
import {hashedWeights} from '../../../src/networks/weights/hashed.js';

/** The first and last weights of seed 0 in VGG19, by numpy. */
const NUMPY = {
  conv1_1: [0.06919990479946136, 0.08333844691514969, 0.1924591362476349],
  conv5_4: [-0.0354413278400898, -0.0013659095857292414, -0.029498418793082237],
};

/** The formula in exact integers. */
function exact(index: number, layer: number, seed: number, inputs: number): number {
  const modulus = 1n << 32n;
  let h = (BigInt(index) + 0x9e3779b9n * (BigInt(layer) + 1000n * BigInt(seed))) % modulus;
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) % modulus;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) % modulus;
  h ^= h >> 16n;
  return Math.fround((2 * (Number(h) / 2 ** 32) - 1) * Math.sqrt(6 / (9 * inputs)));
}

describe('hashed weights', () => {
  test.each([0, 1, 4_000_000_000])('are those of the formula, seed %i', (seed) => {
    for (const network of [vgg19, squeezenet1_0]) {
      const list = convolutions(network);
      const weights = hashedWeights(list, seed);
      list.forEach(({name, operation}, at) => {
        const {kernel, bias} = weights.get(name) ?? {kernel: [], bias: []};
        const {inputChannels, outputChannels, kernel: side} = operation;
        expect(kernel).toHaveLength(outputChannels * inputChannels * side * side);
        expect([...bias]).toEqual(new Array(outputChannels).fill(0));
        for (const i of [0, 1, 2, 1000, kernel.length - 1].filter((one) => one < kernel.length)) {
          expect([name, i, kernel[i]]).toEqual([name, i, exact(i, at + 1, seed, inputChannels)]);
        }
      });
    }
  });

  test('are what numpy computes', () => {
    const weights = hashedWeights(convolutions(vgg19), 0);
    expect([...(weights.get('conv1_1')?.kernel.subarray(0, 3) ?? [])]).toEqual(NUMPY.conv1_1);
    expect([...(weights.get('conv5_4')?.kernel.subarray(-3) ?? [])]).toEqual(NUMPY.conv5_4);
  });

  test('have one hash: sha256 of kernels and biases in order, little-endian', () => {
    const list = convolutions(squeezenet1_0);
    const weights = hashedWeights(list, 7);
    const hash = createHash('sha256');
    for (const {name} of list) {
      for (const values of [weights.get(name)?.kernel ?? [], weights.get(name)?.bias ?? []]) {
        const bytes = Buffer.alloc(4 * values.length);
        for (const [i, value] of values.entries()) bytes.writeFloatLE(value, 4 * i);
        hash.update(bytes);
      }
    }
    expect(weightsHash(list, weights)).toBe(hash.digest('hex'));
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('a seed of %d is refused', (seed) => {
    expect(() => hashedWeights(convolutions(squeezenet1_0), seed)).toThrow(UsageError);
  });
});
