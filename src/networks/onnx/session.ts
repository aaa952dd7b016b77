import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {SampleError} from '../../errors.js';
import type {GpuProvider} from '../fast-executor.js';
import {encodeModel, type OnnxGraph} from './model.js';
import type {OnnxRuntime} from './runtime.js';

/**
 * A session on the CPU, or on a provider of a GPU, which leaves to the CPU what it cannot compute. `weights` are read once,
 * from where they lie.
 */
export function openSession(
  runtime: OnnxRuntime,
  threads: number,
  graph: OnnxGraph,
  weights: ReadonlyMap<string, Float32Array> = new Map(),
  provider: GpuProvider | 'cpu' = 'cpu',
): Promise<InferenceSession> {
  return runtime.InferenceSession.create(encodeModel(graph), {
    executionProviders: [provider],
    executionMode: 'sequential',
    // Patterns are kept for every size of image, and bring nothing where one image is run at a time.
    enableMemPattern: false,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Idle threads leave the cores to the decoders between two runs.
    extra: {session: {force_spinning_stop: '1'}},
    externalData: [...weights].map(([path, {buffer, byteOffset, byteLength}]) => ({
      path,
      data: new Uint8Array(buffer, byteOffset, byteLength),
    })),
  });
}

/**
 * Runs a session into tensors that are there already.
 * Throws SampleError `out-of-memory` when the runtime finds no room for the activations.
 */
export async function runInto(
  session: InferenceSession,
  inputs: Readonly<Record<string, Tensor>>,
  outputs: Readonly<Record<string, Tensor>>,
): Promise<void> {
  try {
    await session.run(inputs, outputs);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!/alloc|memory/i.test(message)) throw error;
    throw new SampleError(
      'out-of-memory',
      "ONNX Runtime finds no room for the network's activations of an image of this size; score smaller images or crops",
      {cause: error},
    );
  }
}
