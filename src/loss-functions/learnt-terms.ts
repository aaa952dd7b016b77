import {UsageError} from '../errors.js';
import {DISTS_LAYERS, layerShares, sumOfShares} from '../losses/feature/dists.js';
import {LPIPS_NETWORKS} from '../losses/feature/lpips.js';
import type {FeatureTerm} from '../losses/network-contract.js';
import type {PretrainedNetwork} from '../networks/pretrained.js';
import {checkKnownLayers} from './chosen-layers.js';
import type {ComparedTerms} from './compared-features.js';
import type {FeatureOptions} from './feature-function.js';
import type {FeatureExtractor, LearntChannels, LearntShares} from './feature-types.js';

type Published = Readonly<Record<string, Float32Array>>;

/** What a metric was learnt beside. */
interface Origin {
  readonly metric: string;
  readonly pooling: PretrainedNetwork['pooling'];
  /** The networks that bring what it learnt, as messages say them. */
  readonly networks: string;
}

const LPIPS: Origin = {
  metric: 'lpips',
  pooling: 'max',
  networks: `${LPIPS_NETWORKS.join(', ')} with weights: 'torchvision'`,
};

const DISTS: Origin = {
  metric: 'dists',
  pooling: 'l2',
  networks: "vgg16 with weights: 'torchvision' and pooling: 'l2'",
};

/** The terms of LPIPS, one for each layer that something was learnt of. Throws UsageError where nothing was, and for another pooling than its own. */
export function lpipsTerms({learnt, network}: FeatureOptions): ComparedTerms {
  const given = learnt as LearntChannels['channel_weights'];
  if (given) checkGiven(LPIPS, given, network);
  const weights = given ?? learntBeside(LPIPS, network);
  const terms: FeatureTerm[] = Object.entries(weights).map(([layer, ofLayer]) => ({
    layer,
    statistic: 'lpips',
    weights: numbers('lpips', layer, ofLayer),
  }));
  return {loss: 'lpips', terms, weights: Object.fromEntries(terms.map(({layer}) => [layer, 1]))};
}

/** The terms of DISTS, the image's first. Throws UsageError where nothing was learnt, and for another pooling than its own. */
export function distsTerms({learnt, network}: FeatureOptions): ComparedTerms {
  const given = learnt as LearntShares['channel_weights'];
  if (given) checkGiven(DISTS, given, network);
  const published = given ? asPublished(given) : learntBeside(DISTS, network);
  const shares = layerShares(published);
  const layers = given ? Object.keys(given) : ['image', ...DISTS_LAYERS];
  const terms: FeatureTerm[] = layers.map((layer) => ({layer, statistic: 'dists', ...shares(layer)}));
  return {loss: 'dists', terms, weights: Object.fromEntries(layers.map((layer) => [layer, 1]))};
}

function learntBeside({metric, pooling, networks}: Origin, network: FeatureExtractor | null): Published {
  const {id, learnt, pooling: its} = (network ?? {}) as Partial<PretrainedNetwork>;
  const found = learnt?.[metric];
  if (!found) {
    const ofNetwork = id === undefined ? 'a network of your own brings' : `${id} with these weights brings`;
    const whose = network === null ? 'features bring' : ofNetwork;
    throw new UsageError(
      'CVL-T003',
      `${metric}: ${whose} nothing that ${metric} learnt; of openNetwork, these do: ${networks}. Or give channel_weights`,
    );
  }
  if (its === pooling) return found;
  throw new UsageError(
    'CVL-T003',
    `${metric}: open its network with pooling: '${pooling}', beside which it was learnt`,
  );
}

/** Throws UsageError for channel weights that are no map of layers, or of layers that the network does not have. */
function checkGiven({metric}: Origin, given: object, network: FeatureExtractor | null): void {
  const option = `${metric}: channel_weights`;
  const layers = Object.keys(given);
  if (layers.length === 0) {
    throw new UsageError('CVL-T003', `${option}: expected what was learnt of at least one layer, by layer`);
  }
  // DISTS compares the image itself too.
  checkKnownLayers(network, metric === 'dists' ? layers.filter((layer) => layer !== 'image') : layers, option);
}

/** Throws UsageError for shares that add up to nothing, of which no part can be taken. */
function asPublished(given: NonNullable<LearntShares['channel_weights']>): Published {
  const published = Object.fromEntries(
    Object.entries(given).flatMap(([layer, shares]) =>
      (['alpha', 'beta'] as const).map((name) => [
        `${layer}.${name}`,
        Float32Array.from(numbers('dists', `${layer}.${name}`, shares?.[name])),
      ]),
    ),
  );
  const sum = sumOfShares(published);
  if (sum === 0 || !Number.isFinite(sum))
    throw new UsageError('CVL-T003', `dists: channel_weights: they add up to ${sum}, so none has a share`);
  return published;
}

/** The numbers of a list. Throws UsageError for what is none of finite numbers. */
function numbers(loss: string, name: string, given: ArrayLike<number> | undefined): number[] {
  const values = Array.from(given ?? []);
  if (values.length > 0 && values.every((value) => Number.isFinite(value))) return values;
  throw new UsageError('CVL-T003', `${loss}: channel_weights: ${name}: expected a list of finite numbers`);
}
