import {UsageError} from '../errors.js';
import {checkLayers, equalWeights, type LayerWeights, type UsualLayers} from '../losses/feature/network-options.js';
import type {PretrainedNetwork} from '../networks/pretrained.js';
import type {FeatureExtractor, Features} from './feature-types.js';

/** Which layers a function compares. */
export interface LayersOf {
  /** The option, as messages say it: `perceptual: layers`. */
  readonly option: string;
  /** What the caller says; null where nothing is said. */
  readonly given: LayerWeights | null;
  readonly usual: UsualLayers;
  readonly network: FeatureExtractor | null;
  /** The prediction's features, where those are given in place of a network. */
  readonly features?: Features | undefined;
  /** Whether the layers share a weight of 1 where none is said. */
  readonly shared?: boolean;
}

/**
 * The weight of each layer: what is given, else the network's usual ones, else every layer of the features (1 each, or a share
 * of 1). Throws UsageError for a layer that the network does not have, and where a network of the caller's own is given none.
 */
export function chosenLayers({option, given, usual, network, features, shared = false}: LayersOf): LayerWeights {
  if (given !== null) {
    checkKnownLayers(network, Object.keys(given), option);
    return given;
  }
  if (network === null) {
    const names = Object.keys(features ?? {});
    return shared ? equalWeights(...names) : Object.fromEntries(names.map((name) => [name, 1]));
  }
  const {id} = network as Partial<PretrainedNetwork>;
  if (id !== undefined && Object.hasOwn(usual, id)) return usual[id as keyof UsualLayers];
  throw new UsageError('CVL-C026', `${option}: a network of your own has no usual layers; name some, as {name: 1}`);
}

/** Throws UsageError for a layer that a network of cv-loss does not have; one of the caller's own does not say which it has. */
export function checkKnownLayers(network: FeatureExtractor | null, names: readonly string[], option: string): void {
  const {id, layers} = (network ?? {}) as Partial<PretrainedNetwork>;
  if (id !== undefined && layers) checkLayers({id, layers}, names, option);
}

/** The network that was given, null where there is none. Throws UsageError for what is none. */
export function givenNetwork(loss: string, network: unknown): FeatureExtractor | null {
  if (network === undefined) return null;
  if (typeof (network as Partial<FeatureExtractor> | null)?.features === 'function') return network as FeatureExtractor;
  const shown = typeof network === 'string' ? `'${network}'` : typeof network;
  throw new UsageError(
    'CVL-T003',
    `${loss}: network: expected what openNetwork or readNetwork gives, or {features(images, layers)}, got ${shown}`,
  );
}
