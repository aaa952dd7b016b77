import {UsageError} from '../../errors.js';
import {type Convolution, kernelShape} from '../convolutions.js';
import type {ConvolutionWeights} from '../graph.js';

/**
 * Weights for tests that are the same in any language. Weight i (OIHW order) of the L-th convolution (from 1), seed s:
 * h = fmix32((i + 0x9E3779B9·(L + 1000·s)) mod 2³²), MurmurHash3's finaliser; u = h/2³²;
 * w = float32((2u − 1)·√(6/(9·C_in))); biases are 0.
 * Throws UsageError for a seed that is not a whole number in [0, 2³²).
 */
export function hashedWeights(list: readonly Convolution[], seed: number): Map<string, ConvolutionWeights> {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new UsageError('CVL-C005', `weights: hashed must be a whole number from 0 to ${2 ** 32 - 1}, got ${seed}`);
  }
  return new Map(
    list.map((convolution, index) => {
      const shape = kernelShape(convolution);
      const kernel = new Float32Array(shape.reduce((product, side) => product * side));
      const offset = Math.imul(0x9e3779b9, index + 1 + 1000 * seed);
      const bound = Math.sqrt(6 / (9 * convolution.operation.inputChannels));
      for (let i = 0; i < kernel.length; i++) kernel[i] = ((2 * mix(i + offset)) / 2 ** 32 - 1) * bound;
      return [convolution.name, {kernel, bias: new Float32Array(shape[0])}];
    }),
  );
}

/** MurmurHash3's 32-bit finaliser (Appleby 2011). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
