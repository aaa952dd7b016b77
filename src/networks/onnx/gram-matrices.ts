import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {gramMatrix} from '../../kernels/activations.js';
import {gramConstants, gramInputs, gramInputTensors, gramNodes} from './gram-nodes.js';
import {ElementType, type OnnxGraph} from './model.js';
import type {Positions} from './positions.js';
import type {OnnxRuntime} from './runtime.js';
import {openSession, runInto} from './session.js';
import {statisticName} from './statistic.js';

const LAYER = 'features';
const OUTPUT = statisticName({layer: LAYER, statistic: 'gram'});

/**
 * Gram matrices of activations that are there already: the bits of those that a network's own graph makes; in float64
 * and slower where ONNX Runtime is not there.
 */
export class GramMatrices {
  readonly #sessions = new Map<boolean, Promise<InferenceSession>>();

  constructor(
    private readonly runtime: OnnxRuntime | null,
    private readonly threads: number,
  ) {}

  /** F·Fᵀ `[c, c]` of activations `[c, h, w]`, the sum over their valid positions. Throws SampleError `out-of-memory`. */
  async of(values: Float32Array, positions: Positions): Promise<Float64Array> {
    const {runtime} = this;
    if (runtime === null) return gramMatrix(values, positions);
    const {channels, height, width, valid} = positions;
    const masked = valid !== null;
    const {Tensor: Values} = runtime;
    const inputs: Record<string, Tensor> = {
      [LAYER]: new Values('float32', values, [channels, height, width]),
      ...gramInputTensors(runtime, LAYER, positions, masked),
    };
    const gram = new Float64Array(channels * channels);
    await runInto(await this.#session(runtime, masked), inputs, {
      [OUTPUT]: new Values('float64', gram, [channels, channels]),
    });
    return gram;
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) await (await session).release();
  }

  #session(runtime: OnnxRuntime, masked: boolean): Promise<InferenceSession> {
    const session = this.#sessions.get(masked) ?? openSession(runtime, this.threads, gramGraph(masked));
    this.#sessions.set(masked, session);
    return session;
  }
}

function gramGraph(masked: boolean): OnnxGraph {
  const shape = ['channels', 'height', 'width'];
  return {
    inputs: [{name: LAYER, element: ElementType.float32, shape}, ...gramInputs(LAYER, masked)],
    nodes: gramNodes(LAYER, masked),
    outputs: [{name: OUTPUT, element: ElementType.float64}],
    constants: gramConstants(masked),
  };
}
