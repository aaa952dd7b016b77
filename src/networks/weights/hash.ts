import {createHash} from 'node:crypto';
import type {Convolution} from '../convolutions.js';
import type {ConvolutionWeights} from '../graph.js';
import {littleEndian} from './bytes.js';

/** sha256 of the weights in the order of the convolutions, kernel before bias, as little-endian float32; in hexadecimal. */
export function weightsHash(list: readonly Convolution[], weights: ReadonlyMap<string, ConvolutionWeights>): string {
  const hash = createHash('sha256');
  for (const {name} of list) {
    const {kernel, bias} = weights.get(name) as ConvolutionWeights;
    hash.update(littleEndian(kernel)).update(littleEndian(bias));
  }
  return hash.digest('hex');
}
