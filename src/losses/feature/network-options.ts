import {closest} from 'fastest-levenshtein';
import * as z from 'zod';
import {UsageError} from '../../errors.js';
import {modelFile, modelInputOptions} from '../model-options.js';
import type {FeatureNetwork, NetworkRequest, OwnNetwork} from '../network-contract.js';

/** The networks that have default layers. */
const NETWORKS = ['squeezenet1_0', 'squeezenet1_1', 'alexnet', 'vgg16', 'vgg19'] as const;

type NetworkName = (typeof NETWORKS)[number];

/** A network as a config names it. */
type NamedNetwork = NetworkName | OwnNetwork;

/** Weights of layers, by layer. */
export type LayerWeights = Readonly<Record<string, number>>;

/** The layers that a loss compares where the config names none. */
export type UsualLayers = Readonly<Record<NetworkName, LayerWeights>>;

const ownNetwork = z.strictObject({model: modelFile.meta({path: true}), ...modelInputOptions});

/** The options of every loss that compares features, as a config writes them. */
export const networkOptions = {
  network: z
    .union([z.enum(NETWORKS), ownNetwork], {
      error: `expected ${NETWORKS.join(', ')} or a model of your own: {model: net.onnx}`,
    })
    .default('squeezenet1_0')
    .describe(
      'the network whose features are compared; squeezenet1_0 comes with its weights. Or a model of your own, ONNX or TensorFlow.js, whose outputs are the layers: {model: net.onnx}',
    ),
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
    .record(z.string(), z.number().min(0), 'expected layers with their weights, as {name: weight}')
    .refine((layers) => Object.keys(layers).length > 0, 'expected at least one layer, as {name: weight}')
    .nullable()
    .default(null)
    .describe(`weight of each layer by name, needed with a model of your own; null: ${usual}`);
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

/** Where a loss chooses layers. */
export interface LayerChoice {
  /** Opened for `named`. */
  readonly network: FeatureNetwork;
  readonly named: NamedNetwork;
  /** What the config says; null where it says nothing. */
  readonly given: LayerWeights | null;
  readonly usual: UsualLayers;
  /** Where it was written, as messages say it. */
  readonly option: string;
}

/**
 * The layers that an option names, in the order of the network (as written, of a model of the user's own); the usual ones
 * where it is null.
 * Throws UsageError for a name that is no layer of the network, and where a network without usual ones is given none.
 */
export async function chooseLayers(choice: LayerChoice): Promise<readonly WeightedLayer[]> {
  const {network, named, option} = choice;
  const weights = new Map(Object.entries(namedLayers(choice)));
  checkLayers(network, [...weights.keys()], option);
  try {
    await network.useLayers?.([...weights.keys()]);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.code, `${option}: ${error.message}`, {cause: error});
  }
  const order = typeof named === 'string' ? network.layers : [...weights.keys()];
  return order.flatMap((name) => {
    const weight = weights.get(name);
    return weight === undefined ? [] : [{name, weight}];
  });
}

/** Throws UsageError for a name that is no layer of the network. */
export function checkLayers(
  {id, layers}: Pick<FeatureNetwork, 'id' | 'layers'>,
  names: readonly string[],
  option: string,
): void {
  const unknown = names.find((name) => !layers.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(
    'CVL-C026',
    `${option}: ${id} has no layer '${unknown}'; did you mean '${closest(unknown, layers)}'? Its layers: ${listed(layers)}`,
  );
}

/** Layers that share a weight of 1 in equal parts. */
export function equalWeights(...layers: readonly string[]): LayerWeights {
  return Object.fromEntries(layers.map((layer) => [layer, 1 / layers.length]));
}

function namedLayers({network: {id, layers}, named, given, usual, option}: LayerChoice): LayerWeights {
  if (given !== null) return given;
  if (typeof named === 'string') return usual[named];
  throw new UsageError(
    'CVL-C026',
    `${option}: a model of your own has no usual layers; name some of ${id}, as {${layers[0] ?? 'name'}: 1}. Its layers: ${listed(layers)}`,
  );
}

/** Names, the first of them where there are many. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).join(', ');
  return names.length > LISTED ? `${shown}, … (${names.length} in all)` : shown;
}

const LISTED = 40;
