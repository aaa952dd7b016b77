import {basename, relative, sep} from 'node:path';
import {UsageError} from '../../errors.js';
import type {FeatureNetwork, OwnNetwork} from '../../losses/network-contract.js';
import type {ImageInput} from '../../models/model.js';
import type {FeatureCache} from '../../networks/fast-executor.js';
import {ModelExtractor} from './extractor.js';
import {KeptExtractor} from './kept.js';
import type {ModelPreprocessing, OpenedModel} from './opened.js';

/** What opening a model as a network takes beside the config. */
export interface OwnNetworkOptions {
  /** The folder that messages and reports name files from. */
  readonly cwd: string;
  readonly threads: number;
  /** For features of images that others are compared with. */
  readonly cache?: FeatureCache | null | undefined;
  readonly onNotice: (line: string) => void;
}

/** A model of the user's own as a network of a run. */
export interface OwnFeatureNetwork {
  readonly network: FeatureNetwork;
  readonly opened: OpenedModel;
  /** Packages that compute. */
  readonly versions: Readonly<Record<string, string>>;
  /** Images put through it so far. */
  passes(): number;
  close(): Promise<void>;
}

/**
 * Opens a model of the user's own as a network. `unit`: pixel values go in in [0, 1] as they are, whatever the config says
 * of range, mean and std. Throws UsageError, a line each, for a model that is missing, wrong, or takes no image.
 */
export async function openOwnNetwork(
  own: OwnNetwork,
  input: 'weights' | 'unit',
  {cwd, threads, cache = null, onNotice}: OwnNetworkOptions,
): Promise<OwnFeatureNetwork> {
  const [{openLayers}, {onnxRuntime}, {extractingExecutor}, {Distances}, {GramMatrices}] = await Promise.all([
    import('../../models/layers.js'),
    import('../../networks/onnx/runtime.js'),
    import('../../networks/onnx/executor.js'),
    import('../../networks/onnx/distances.js'),
    import('../../networks/onnx/gram-matrices.js'),
  ]);
  const {model: path, size = null, color = null, layout = null} = own;
  const {range = null, mean = null, std = null} = input === 'unit' ? UNIT : own;
  const id = relative(cwd, path).split(sep).join('/');
  const model = await openLayers({model: path, size, color, layout, range, mean, std}, {name: id, threads, onNotice});
  const runtime = await onnxRuntime();
  const extractor = new ModelExtractor(model, new GramMatrices(runtime, threads));
  const kept = cache ? new KeptExtractor(extractor, model, threads, cache) : extractor;
  const executor = extractingExecutor({id, names: model.layers}, extractor, new Distances(runtime, threads), kept);
  return {
    network: {
      id,
      layers: model.layers,
      calibration: null,
      useLayers: (layers) => model.useLayers(layers),
      shape: (layer, height, width) => extractor.shape(layer, height, width),
      validAt: (layer, valid, height, width) => extractor.validAt(layer, valid, height, width),
      comparison: (terms) => executor.comparison(terms),
      async published(metric) {
        throw new UsageError('CVL-N009', `${metric} has no published weights for a model of your own, ${id}`);
      },
    },
    opened: {
      network: id,
      weights: basename(path),
      weights_sha256: model.sha256,
      preprocessing: preprocessing(model.input),
      executor: model.format === 'onnx' ? 'onnxruntime' : 'tfjs',
    },
    versions: model.versions,
    passes: () => executor.passes,
    close: () => executor.close(),
  };
}

const UNIT = {range: [0, 1], mean: 0, std: 1} as const;

/** The same scaling as (value in [0, 1] × scale − mean) / std. */
function preprocessing({color, range: [low, high], mean, std, size}: ImageInput): ModelPreprocessing {
  return {order: color, scale: high - low, mean: mean.map((value) => value - low), std, ...(size && {size})};
}
