import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type {PretrainedNetwork} from '../networks/pretrained.js';
import {type NetworkBytes, readNetworkBytes} from '../networks/read-network.js';
import {poolingAndInput} from './network-choice.js';
import {checkedOptions} from './options.js';

/** Bytes are checked where they are read. */
const bytes = z.unknown().optional();
const options = z.strictObject({network: z.string(), weights: bytes, learnt: bytes, ...poolingAndInput});

/**
 * Makes a network of weights in memory, in Node and in browsers, on the backend that TensorFlow.js has set; in Node,
 * `openNetwork` of `cv-loss` finds its weights by itself.
 *
 * ```js
 * const weights = await (await fetch('squeezenet1_0-features.safetensors')).arrayBuffer();
 * const network = await readNetwork({network: 'squeezenet1_0', weights});
 * ```
 *
 * Throws UsageError for options that are wrong, for a network that is not known or cannot pool so, and for bytes that are no
 * weights of it.
 */
export async function readNetwork(given: NetworkBytes): Promise<PretrainedNetwork> {
  // Without its bytes, each of which a message would be made of.
  const {weights, learnt, ...choice} = given;
  const {network, pooling, input} = checkedOptions('readNetwork', options, choice);
  return readNetworkBytes(tf, {network, pooling, input, weights, ...(learnt && {learnt})});
}
