import type {TensorLibrary} from '../device/device.js';
import type {FastExecutor, FastExecutorFactory, FeatureCache, GpuProvider} from './fast-executor.js';
import {type FeatureNetwork, featureNetwork} from './feature-network.js';
import type {LoadedNetwork, Pooling, Preprocessing} from './graph.js';
import {type FoundWeights, findWeights, loadNetwork} from './load.js';
import type {NetworkRequest} from './request.js';
import {TensorWeights} from './tensor-weights.js';

/** What the report says of a network. */
export interface OpenedNetwork {
  readonly network: string;
  /** `bundled`, `hashed seed 0`, or the file's name. */
  readonly weights: string;
  readonly weights_sha256: string;
  readonly preprocessing: Preprocessing;
  readonly pooling: Pooling;
  readonly executor: 'onnxruntime' | 'tfjs';
  /** Of the executor; absent for the CPU's. */
  readonly provider?: GpuProvider;
}

/** How a run opens its networks. */
export interface NetworkLibraryOptions {
  /** Makes the fast executor; without it networks run on the tensor library. */
  readonly fast?: FastExecutorFactory | undefined;
  /** Threads that the fast executor may use. */
  readonly threads?: number | undefined;
  /** For what the fast executor computes of images that others are compared with. */
  readonly cache?: FeatureCache | null | undefined;
}

interface Entry {
  readonly loaded: LoadedNetwork;
  readonly fast: FastExecutor | null;
  readonly network: FeatureNetwork;
}

interface SharedWeights {
  readonly found: FoundWeights;
  readonly tensors: TensorWeights;
}

/** The networks of one run. Equal requests share one network, and requests of the same weights share those. */
export class NetworkLibrary {
  readonly #weights = new Map<string, Promise<SharedWeights>>();
  readonly #entries = new Map<string, Promise<Entry>>();
  /** Of the requests that were answered, in the order of the requests. */
  readonly #opened = new Map<string, OpenedNetwork | null>();

  constructor(
    private readonly tf: TensorLibrary,
    private readonly options: NetworkLibraryOptions = {},
  ) {}

  /** The network of a request. Throws UsageError for a network that is not known and for weights that are missing or wrong. */
  async open(request: NetworkRequest): Promise<FeatureNetwork> {
    const {network, weights, pooling, input} = request;
    const key = JSON.stringify([network, weights, pooling, input]);
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = this.#open(request, key);
      this.#entries.set(key, entry);
    }
    return (await entry).network;
  }

  /** What was opened, in the order in which it was asked for. */
  opened(): readonly OpenedNetwork[] {
    return [...this.#opened.values()].filter((one) => one !== null);
  }

  /** Images that the fast executors put through their networks so far. */
  async passes(): Promise<number> {
    const entries = await Promise.all(this.#entries.values());
    return entries.reduce((sum, {fast}) => sum + (fast?.passes ?? 0), 0);
  }

  /** Ends the fast executors and frees the tensors. The library's networks are of no use afterwards. */
  async close(): Promise<void> {
    const entries = await Promise.allSettled(this.#entries.values());
    const weights = await Promise.allSettled(this.#weights.values());
    for (const one of weights) if (one.status === 'fulfilled') one.value.tensors.dispose();
    await Promise.all(entries.map((one) => (one.status === 'fulfilled' ? one.value.fast?.close() : undefined)));
  }

  async #open(request: NetworkRequest, key: string): Promise<Entry> {
    this.#opened.set(key, null);
    const {found, tensors} = await this.#weightsOf(request);
    const loaded = await loadNetwork(request, found);
    const {threads = 1, cache = null} = this.options;
    const fast = (await this.options.fast?.(loaded, {threads, cache})) ?? null;
    this.#opened.set(key, describe(loaded, fast));
    return {loaded, fast, network: featureNetwork(this.tf, loaded, tensors, fast)};
  }

  #weightsOf({network, weights}: NetworkRequest): Promise<SharedWeights> {
    const key = JSON.stringify([network, weights]);
    let shared = this.#weights.get(key);
    if (!shared) {
      shared = findWeights({network, weights}).then((found) => ({
        found,
        tensors: new TensorWeights(this.tf, found.weights),
      }));
      this.#weights.set(key, shared);
    }
    return shared;
  }
}

function describe(loaded: LoadedNetwork, fast: FastExecutor | null): OpenedNetwork {
  return {
    network: loaded.id,
    weights: loaded.weightsSource,
    weights_sha256: loaded.weightsHash,
    preprocessing: loaded.preprocessing,
    pooling: loaded.pooling,
    executor: fast ? 'onnxruntime' : 'tfjs',
    ...(fast?.provider && {provider: fast.provider}),
  };
}
