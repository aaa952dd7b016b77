import {availableParallelism} from 'node:os';
import type {Device} from '../device/device.js';
import {INSTALL_ONNX_RUNTIME, onnxRuntimeVersion} from '../device/onnx-runtime.js';
import {UsageError} from '../errors.js';
import type {FeatureNetwork, LossContext, NetworkRequest} from '../losses/contract.js';
import type {FastExecutorFactory, FeatureCache} from '../networks/fast-executor.js';
import {NetworkLibrary, type OpenedNetwork} from '../networks/open.js';

/** What report.json says of a network. */
export interface UsedNetwork extends OpenedNetwork {
  /** Of the executor; null where it chooses. */
  readonly threads: number | null;
}

/** What a run lets its networks use, and who hears of what they lack. */
export interface RunNetworksOptions {
  /** Threads of a network on the CPU; one a core by default. */
  readonly threads?: number | undefined;
  /** For features of images that others are compared with. */
  readonly cache?: FeatureCache | null | undefined;
  /** Called with a line, once, where networks run slower than they could. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/** What runs networks fast on the CPU. */
export interface FastRuntime {
  /** Why it cannot be used, in a few words; null when it can. */
  problem(): Promise<string | null>;
  readonly executor: FastExecutorFactory;
}

/**
 * The networks of a run, opened when a loss first asks for them: on the CPU by ONNX Runtime; where that is missing, and
 * on any other device, by the tensor library.
 */
export class RunNetworks {
  readonly #library: NetworkLibrary;
  readonly #threads: number;
  readonly #onNotice: (line: string) => void;
  #problem: Promise<string | null> | undefined;

  constructor(
    private readonly device: Device,
    {threads = availableParallelism(), cache, onNotice = () => undefined}: RunNetworksOptions = {},
    runtime: FastRuntime = onnxRuntime,
  ) {
    this.#threads = threads;
    this.#onNotice = onNotice;
    const fast: FastExecutorFactory = async (loaded, options) => {
      this.#problem ??= this.#findProblem(runtime);
      return (await this.#problem) === null ? runtime.executor(loaded, options) : null;
    };
    this.#library = new NetworkLibrary(device.tf, {fast: device.name === 'cpu' ? fast : undefined, threads, cache});
  }

  /** Throws UsageError for a network that is not known and for weights that are missing or wrong. */
  open(request: NetworkRequest): Promise<FeatureNetwork> {
    return this.#library.open(request);
  }

  /** Those that were opened, in the order in which they were asked for. */
  used(): UsedNetwork[] {
    const ofTensors = this.device.name === 'cpu' ? 1 : null;
    const threads = ({executor}: OpenedNetwork) => (executor === 'onnxruntime' ? this.#threads : ofTensors);
    return this.#library.opened().map((one) => ({...one, threads: threads(one)}));
  }

  /** Packages that computed features, beside the device's. */
  versions(): Readonly<Record<string, string>> {
    const isFast = this.#library.opened().some(({executor}) => executor === 'onnxruntime');
    return isFast ? {'onnxruntime-node': onnxRuntimeVersion()} : {};
  }

  /** Images put through a network so far; those that the tensor library computes are not counted. */
  passes(): Promise<number> {
    return this.#library.passes();
  }

  /** Frees what the networks hold; they are of no use afterwards. */
  close(): Promise<void> {
    return this.#library.close();
  }

  async #findProblem(runtime: FastRuntime): Promise<string | null> {
    const problem = await runtime.problem();
    if (problem !== null) {
      this.#onNotice(`networks run on tfjs, several times slower: ${problem} (${INSTALL_ONNX_RUNTIME})`);
    }
    return problem;
  }
}

/** ONNX Runtime; nothing of it is loaded before a network is asked for. */
const onnxRuntime: FastRuntime = {
  problem: async () => (await import('../networks/onnx/runtime.js')).onnxRuntimeProblem(),
  executor: async (loaded, options) => (await import('../networks/onnx/executor.js')).onnxExecutor(loaded, options),
};

/** A loss's way to its networks: what is wrong with one is said with the loss's id and the setting that helps. */
export function networkOfLoss(id: string, network: LossContext['network']): LossContext['network'] {
  return async (request) => {
    try {
      return await network(request);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const remedy = request.weights === 'default' ? `; as a flag: --set losses.${id}.weights=FILE` : '';
      throw new UsageError(`loss '${id}': ${error.message}${remedy}`, {cause: error});
    }
  };
}
