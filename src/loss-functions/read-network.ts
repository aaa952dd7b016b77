import * as tf from '@tensorflow/tfjs-core';
import type {PretrainedNetwork} from '../networks/pretrained.js';
import {type NetworkBytes, readNetworkBytes} from '../networks/read-network.js';

/**
 * Makes a network of weights in memory, in Node and in browsers, on the backend that TensorFlow.js has set; in Node,
 * `openNetwork` of `cv-loss` finds its weights by itself.
 *
 * ```js
 * const weights = await (await fetch('squeezenet1_0-features.safetensors')).arrayBuffer();
 * const network = await readNetwork({network: 'squeezenet1_0', weights});
 * ```
 *
 * Throws UsageError for a network that is not known, and for bytes that are no weights of it.
 */
export function readNetwork(bytes: NetworkBytes): Promise<PretrainedNetwork> {
  return readNetworkBytes(tf, bytes);
}
