import type {NetworkRequest} from '../network-contract.js';
import {networkOptions} from './network-options.js';

/** The option `weights` of losses that were made for torchvision's networks. */
export const torchvisionWeightsOption = networkOptions.weights.describe(
  "default: torchvision's weights, which this loss was made for; or a file of them; or {hashed: seed}, made for tests",
);

/** What such a loss asks of the run. */
export function torchvisionWeights(weights: NetworkRequest['weights']): NetworkRequest['weights'] {
  return weights === 'default' ? 'torchvision' : weights;
}
