import {UsageError} from '../errors.js';
import type {FeatureTerm} from '../losses/contract.js';
import {DISTS_LAYERS, layerShares} from '../losses/feature/dists.js';
import type {PretrainedNetwork} from '../networks/pretrained.js';
import type {ComparedTerms} from './compared-features.js';
import type {FeatureOptions} from './feature-function.js';
import type {LearntChannels, LearntShares} from './feature-types.js';

type Published = Readonly<Record<string, Float32Array>>;

/** The terms of LPIPS, one for each layer that something was learnt of. Throws UsageError where nothing was. */
export function lpipsTerms({learnt, network}: FeatureOptions): ComparedTerms {
  const given = learnt as LearntChannels['channel_weights'];
  const weights = given ?? learntBeside('lpips', network as Partial<PretrainedNetwork> | null);
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
  const published = given ? asPublished(given) : learntBeside('dists', network as Partial<PretrainedNetwork> | null);
  if (!given && (network as Partial<PretrainedNetwork>).pooling !== 'l2') {
    throw new UsageError('CVL-T003', "dists: open its network with pooling: 'l2'");
  }
  const shares = layerShares(published);
  const layers = given ? Object.keys(given) : ['image', ...DISTS_LAYERS];
  const terms: FeatureTerm[] = layers.map((layer) => ({layer, statistic: 'dists', ...shares(layer)}));
  return {loss: 'dists', terms, weights: Object.fromEntries(layers.map((layer) => [layer, 1]))};
}

function learntBeside(metric: string, network: Partial<PretrainedNetwork> | null): Published {
  const found = network?.learnt?.[metric];
  if (found) return found;
  const whose = network?.id === undefined ? '' : `, and ${network.id} with these weights brings none`;
  throw new UsageError(
    'CVL-T003',
    `${metric}: it has weights that were learnt beside torchvision's networks: open one with weights: 'torchvision', or give channel_weights${whose}`,
  );
}

function asPublished(given: NonNullable<LearntShares['channel_weights']>): Published {
  return Object.fromEntries(
    Object.entries(given).flatMap(([layer, {alpha, beta}]) => [
      [`${layer}.alpha`, Float32Array.from(numbers('dists', `${layer}.alpha`, alpha))],
      [`${layer}.beta`, Float32Array.from(numbers('dists', `${layer}.beta`, beta))],
    ]),
  );
}

/** The numbers of a list. Throws UsageError for what is none of finite numbers. */
function numbers(loss: string, name: string, given: ArrayLike<number> | undefined): number[] {
  const values = Array.from(given ?? []);
  if (values.length > 0 && values.every((value) => Number.isFinite(value))) return values;
  throw new UsageError('CVL-T003', `${loss}: channel_weights: ${name}: expected a list of finite numbers`);
}
