import {availableParallelism} from 'node:os';
import type {Device} from '../device/device.js';
import {INSTALL_ONNX_RUNTIME, onnxRuntimeVersion} from '../device/onnx-runtime.js';
import {UsageError} from '../errors.js';
import type {LossContext} from '../losses/contract.js';
import type {FeatureNetwork, NetworkRequest} from '../losses/network-contract.js';
import type {FastExecutorFactory, FeatureCache, GpuProvider} from '../networks/fast-executor.js';
import type {ProviderChoice} from '../networks/onnx/gpu-provider.js';
import {NetworkLibrary, type OpenedNetwork} from '../networks/open.js';
import {notice} from '../notice.js';
import type {OpenedModel} from './own-network/opened.js';
import {OwnNetworks} from './own-network/own-networks.js';

/** What report.json says of a network. */
export type UsedNetwork = (OpenedNetwork | OpenedModel) & {
  /** Of the executor; null where it chooses. */
  readonly threads: number | null;
};

/** What a run lets its networks use, and who hears of what they lack. */
export interface RunNetworksOptions {
  /** Threads of a network on the CPU; one a core by default. */
  readonly threads?: number | undefined;
  /** For features of images that others are compared with. */
  readonly cache?: FeatureCache | null | undefined;
  /** Called with a line, once, where networks run slower than they could. */
  readonly onNotice?: ((line: string) => void) | undefined;
  /** The folder that models of the user's own are named from; the working directory by default. */
  readonly cwd?: string | undefined;
}

/** What runs networks fast on the CPU, and may do so on a GPU. */
export interface FastRuntime {
  /** Why it cannot be used, in a few words; null when it can. */
  problem(): Promise<string | null>;
  /** The first of these that computes here. */
  chooseProvider(candidates: readonly GpuProvider[]): Promise<ProviderChoice>;
  readonly executor: FastExecutorFactory;
}

/**
 * The networks of a run, opened when a loss first asks for them: on the CPU, and on a GPU that it has a provider for, by
 * ONNX Runtime; otherwise by the tensor library. A model of the user's own runs on the CPU, by what it is made for.
 */
export class RunNetworks {
  readonly #library: NetworkLibrary;
  readonly #own: OwnNetworks;
  readonly #threads: number;
  readonly #onNotice: (line: string) => void;
  #use: Promise<{readonly provider?: GpuProvider} | null> | undefined;

  constructor(
    private readonly device: Device,
    {threads = availableParallelism(), cache, onNotice = () => undefined, cwd = '.'}: RunNetworksOptions = {},
    runtime: FastRuntime = onnxRuntime,
  ) {
    this.#threads = threads;
    this.#onNotice = onNotice;
    const fast: FastExecutorFactory = async (loaded, options) => {
      this.#use ??= device.name === 'cpu' ? this.#useCpu(runtime) : this.#useGpu(runtime, device.name);
      const use = await this.#use;
      return use && runtime.executor(loaded, {...options, ...use});
    };
    this.#own = new OwnNetworks({threads, cache, onNotice, cwd});
    // A device that is software would not gain by another library.
    const isFast = device.name === 'cpu' || device.gpu;
    this.#library = new NetworkLibrary(device.tf, {fast: isFast ? fast : undefined, threads, cache});
  }

  /** Throws UsageError for a network that is not known and for weights that are missing or wrong. */
  open(request: NetworkRequest): Promise<FeatureNetwork> {
    const {network} = request;
    return typeof network === 'string' ? this.#library.open({...request, network}) : this.#own.open(network, request);
  }

  /** Those that were opened, in the order in which they were asked for; models of the user's own come last. */
  used(): UsedNetwork[] {
    const ofTensors = this.device.name === 'cpu' ? 1 : null;
    const threads = ({executor}: OpenedNetwork) => (executor === 'onnxruntime' ? this.#threads : ofTensors);
    const ofModels = ({executor}: OpenedModel) => (executor === 'onnxruntime' ? this.#threads : 1);
    return [
      ...this.#library.opened().map((one) => ({...one, threads: threads(one)})),
      ...this.#own.opened().map((one) => ({...one, threads: ofModels(one)})),
    ];
  }

  /** Packages that computed features, beside the device's. */
  versions(): Readonly<Record<string, string>> {
    const isFast = this.#library.opened().some(({executor}) => executor === 'onnxruntime');
    return {...(isFast && {'onnxruntime-node': onnxRuntimeVersion()}), ...this.#own.versions()};
  }

  /** Images put through a network so far; those that the tensor library computes are not counted. */
  async passes(): Promise<number> {
    return (await this.#library.passes()) + this.#own.passes();
  }

  /** Frees what the networks hold; they are of no use afterwards. */
  async close(): Promise<void> {
    await this.#own.close();
    await this.#library.close();
  }

  async #useCpu(runtime: FastRuntime): Promise<{readonly provider?: never} | null> {
    const problem = await runtime.problem();
    if (problem !== null) {
      this.#onNotice(
        notice('CVL-W012', `networks run on tfjs, several times slower: ${problem} (${INSTALL_ONNX_RUNTIME})`),
      );
    }
    return problem === null ? {} : null;
  }

  async #useGpu(
    runtime: FastRuntime,
    device: keyof typeof PROVIDERS,
  ): Promise<{readonly provider: GpuProvider} | null> {
    const {provider, reasons} = await runtime.chooseProvider(PROVIDERS[device]);
    const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
    if (provider === null) this.#onNotice(notice('CVL-W012', `networks run on tfjs, on device ${device}${why}`));
    else this.#onNotice(`networks run on ONNX Runtime's ${provider} provider${why}`);
    return provider && {provider};
  }
}

/**
 * ONNX Runtime's providers that compute on a device's GPU, the quicker first. It would take a software adapter for a GPU,
 * so WebGPU is asked for only where the device has found that there is another one.
 */
const PROVIDERS: Readonly<Record<Exclude<Device['name'], 'cpu'>, readonly GpuProvider[]>> = {
  tensorflow: ['cuda'],
  webgpu: ['cuda', 'webgpu'],
};

/** ONNX Runtime; nothing of it is loaded before a network is asked for. */
const onnxRuntime: FastRuntime = {
  problem: async () => (await import('../networks/onnx/runtime.js')).onnxRuntimeProblem(),
  chooseProvider: async (candidates) => (await import('../networks/onnx/gpu-provider.js')).chooseProvider(candidates),
  executor: async (loaded, options) => (await import('../networks/onnx/executor.js')).onnxExecutor(loaded, options),
};

/** A loss's way to its networks: what is wrong with one is said with the loss's id and the setting that helps. */
export function networkOfLoss(id: string, network: LossContext['network']): LossContext['network'] {
  return async (request) => {
    try {
      return await network(request);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const takesWeights = typeof request.network === 'string' && request.weights === 'default';
      const remedy = takesWeights ? `; as a flag: --set losses.${id}.weights=FILE` : '';
      throw new UsageError(error.code, `loss '${id}': ${error.message}${remedy}`, {cause: error});
    }
  };
}
