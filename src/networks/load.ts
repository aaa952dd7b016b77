import {basename} from 'node:path';
import {convolutions} from './convolutions.js';
import type {LoadedNetwork} from './graph.js';
import {type KnownNetwork, knownNetwork} from './known.js';
import {UNIT} from './preprocessing.js';
import type {NetworkRequest} from './request.js';
import {bundledCalibration, bundledWeights} from './weights/bundled.js';
import {fileWeights} from './weights/file.js';
import {weightsHash} from './weights/hash.js';
import {hashedWeights} from './weights/hashed.js';

/** Weights as they were found, and what the report says of them. */
export type FoundWeights = Pick<LoadedNetwork, 'weights' | 'weightsSource' | 'weightsHash'>;

/**
 * A network with its weights, ready for an executor. `found` are the request's weights where they were loaded before.
 * Throws UsageError for a network that is not known and for weights that are missing or wrong.
 */
export async function loadNetwork(
  request: NetworkRequest,
  found: FoundWeights | Promise<FoundWeights> = findWeights(request),
): Promise<LoadedNetwork> {
  const weights = await found;
  const network = knownNetwork(request.network);
  return {
    ...network.definition,
    ...weights,
    pooling: request.pooling,
    preprocessing: request.input === 'unit' ? UNIT : network.preprocessing,
    calibration: await bundledCalibration(network, weights.weightsHash, request),
  };
}

/** The weights that a request names. Throws UsageError as `loadNetwork` does. */
export async function findWeights(request: Pick<NetworkRequest, 'network' | 'weights'>): Promise<FoundWeights> {
  const network = knownNetwork(request.network);
  const {weights, source} = await readWeights(network, request.weights);
  return {weights, weightsSource: source, weightsHash: weightsHash(convolutions(network.definition), weights)};
}

async function readWeights(network: KnownNetwork, weights: NetworkRequest['weights']) {
  if (weights === 'default') return {weights: await bundledWeights(network), source: 'bundled'};
  if (typeof weights === 'string') return {weights: await fileWeights(network, weights), source: basename(weights)};
  const seed = weights.hashed;
  return {weights: hashedWeights(convolutions(network.definition), seed), source: `hashed seed ${seed}`};
}
