import {closest} from 'fastest-levenshtein';
import {z} from 'zod';
import {UsageError} from '../../errors.js';
import type {FeatureNetwork, NetworkRequest} from '../contract.js';

/** The networks that have default layers. */
const NETWORKS = ['squeezenet1_0', 'squeezenet1_1', 'alexnet', 'vgg16', 'vgg19'] as const;

export type NetworkName = (typeof NETWORKS)[number];

/** Weights of layers, by layer. */
export type LayerWeights = Readonly<Record<string, number>>;

/** The options of every loss that compares features, as a config writes them. */
export const networkOptions = {
  network: z
    .enum(NETWORKS)
    .default('squeezenet1_0')
    .describe('the network whose features are compared; squeezenet1_0 comes with its weights'),
  weights: z
    .union([
      z.enum(['default', 'original', 'torchvision']),
      z.strictObject({hashed: z.int().min(0).describe('seed of weights made for tests')}),
      z.string().min(1).meta({path: true}),
    ])
    .default('default')
    .describe(
      "default: the network's published weights; original or torchvision: whose they are; or a file of them; or {hashed: seed}, made for tests",
    ),
  pooling: z.enum(['max', 'average']).default('max').describe('how the network pools'),
};

/** An option that gives layers their weights; `usual` says what null stands for. */
export function layersOption(usual: string) {
  return z
    .record(z.string(), z.number().min(0))
    .refine((layers) => Object.keys(layers).length > 0, 'expected at least one layer, as {name: weight}')
    .nullable()
    .default(null)
    .describe(`weight of each layer by name; null: ${usual}`);
}

/** What a loss with these options asks of the run. */
export function networkRequest(
  {network, weights, pooling}: Pick<NetworkRequest, 'network' | 'weights' | 'pooling'>,
  input: NetworkRequest['input'] = 'weights',
): NetworkRequest {
  return {network, weights, pooling, input};
}

/** A layer that a loss compares. */
export interface WeightedLayer {
  readonly name: string;
  readonly weight: number;
}

/**
 * The layers that an option names, in the order of the network; `usual` where it is null.
 * Throws UsageError for a name that is no layer of the network; `option` says where it was written.
 */
export function chooseLayers(
  network: FeatureNetwork,
  given: LayerWeights | null,
  usual: LayerWeights,
  option: string,
): readonly WeightedLayer[] {
  const weights = new Map(Object.entries(given ?? usual));
  for (const name of weights.keys()) {
    if (network.layers.includes(name)) continue;
    throw new UsageError(
      `${option}: ${network.id} has no layer '${name}'; did you mean '${closest(name, network.layers)}'? Its layers: ${network.layers.join(', ')}`,
    );
  }
  return network.layers.flatMap((name) => {
    const weight = weights.get(name);
    return weight === undefined ? [] : [{name, weight}];
  });
}

/** Layers that share a weight of 1 in equal parts. */
export function equalWeights(...layers: readonly string[]): LayerWeights {
  return Object.fromEntries(layers.map((layer) => [layer, 1 / layers.length]));
}
