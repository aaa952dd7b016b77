import {basename} from 'node:path';
import {convolutions} from './convolutions.js';
import type {LoadedNetwork} from './graph.js';
import {type KnownNetwork, knownNetwork, networkOrigin} from './known.js';
import {l2Pooled} from './l2-pooling.js';
import {isOriginId} from './origins.js';
import {UNIT} from './preprocessing.js';
import type {NetworkRequest} from './request.js';
import {sourceText, storedWeights} from './store/stored-weights.js';
import {WeightsStore} from './store/weights-store.js';
import {bundledCalibration, bundledWeights} from './weights/bundled.js';
import {fileWeights} from './weights/file.js';
import {weightsHash} from './weights/hash.js';
import {hashedWeights} from './weights/hashed.js';

/** Weights as they were found, and what the report says of them. */
export type FoundWeights = Pick<LoadedNetwork, 'weights' | 'weightsSource' | 'weightsHash' | 'preprocessing'>;

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
    ...(request.pooling === 'l2' && {nodes: l2Pooled(network.definition)}),
    ...weights,
    pooling: request.pooling,
    preprocessing: request.input === 'unit' ? UNIT : weights.preprocessing,
    calibration: await bundledCalibration(network, weights.weightsHash, request),
  };
}

/** The weights that a request names; pulled and imported ones are looked for in `store`. Throws UsageError as `loadNetwork` does. */
export async function findWeights(
  request: Pick<NetworkRequest, 'network' | 'weights'>,
  store: WeightsStore = new WeightsStore(),
): Promise<FoundWeights> {
  const network = knownNetwork(request.network);
  const {weights, weightsSource, preprocessing} = await readWeights(network, request.weights, store);
  const hash = weightsHash(convolutions(network.definition), weights);
  return {weights, weightsSource, weightsHash: hash, preprocessing};
}

async function readWeights(
  network: KnownNetwork,
  wanted: NetworkRequest['weights'],
  store: WeightsStore,
): Promise<Omit<FoundWeights, 'weightsHash'>> {
  const {definition, preprocessing} = network;
  if (typeof wanted === 'object') {
    const weights = hashedWeights(convolutions(definition), wanted.hashed);
    return {weights, weightsSource: `hashed seed ${wanted.hashed}`, preprocessing};
  }
  if (wanted !== 'default' && !isOriginId(wanted)) {
    const {weights, origin} = await fileWeights(network, wanted);
    return {weights, weightsSource: basename(wanted), preprocessing: origin.preprocessing};
  }
  const origin = networkOrigin(network, wanted === 'default' ? undefined : wanted);
  if (origin.publication === null) {
    return {weights: await bundledWeights(network), weightsSource: 'bundled', preprocessing: origin.preprocessing};
  }
  const {weights, stored} = await storedWeights(network, origin, store);
  return {weights, weightsSource: sourceText(stored), preprocessing: origin.preprocessing};
}
