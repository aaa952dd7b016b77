import {firstLine} from '../../device/first-line.js';
import {CUDA_PROVIDER, hasCudaProvider} from '../../device/onnx-runtime.js';
import type {GpuProvider} from '../fast-executor.js';
import {ElementType, type OnnxGraph} from './model.js';
import {type OnnxRuntime, onnxRuntime, onnxRuntimeProblem} from './runtime.js';
import {openSession} from './session.js';

/** A provider that computes correctly, null where there is none, and why each one before it is not used. */
export interface ProviderChoice {
  readonly provider: GpuProvider | null;
  readonly reasons: readonly string[];
}

/**
 * Tries providers one at a time, in their order: a session that is given several throws when one of them is missing. Never
 * throws.
 */
export async function chooseProvider(candidates: readonly GpuProvider[]): Promise<ProviderChoice> {
  const runtime = await onnxRuntime();
  if (runtime === null) return {provider: null, reasons: [(await onnxRuntimeProblem()) as string]};
  const reasons: string[] = [];
  for (const provider of candidates) {
    const problem = missing(runtime, provider) ?? (await wrong(runtime, provider));
    if (problem === null) return {provider, reasons};
    reasons.push(`${provider}: ${problem}`);
  }
  return {provider: null, reasons};
}

function missing(runtime: OnnxRuntime, provider: GpuProvider): string | null {
  const isKnown = runtime.listSupportedBackends().some(({name}) => name === provider);
  if (!isKnown || (provider === 'cuda' && CUDA_PROVIDER === null)) return 'ONNX Runtime has none for this system';
  if (provider === 'webgpu' || hasCudaProvider()) return null;
  return `${CUDA_PROVIDER} is not beside ONNX Runtime`;
}

/** The sums over squares of 2×2 pixels in all three channels. */
const SUMS: OnnxGraph = {
  inputs: [{name: 'image', element: ElementType.float32, shape: [1, 3, 3, 3]}],
  nodes: [{operator: 'Conv', inputs: ['image', 'kernel'], output: 'sums', attributes: {kernel_shape: [2, 2]}}],
  outputs: [{name: 'sums', element: ElementType.float32}],
  constants: [{name: 'kernel', shape: [1, 3, 2, 2], location: 'ones', bytes: 48}],
};

/** Of an image that counts from 0 on, done by hand. */
const EXPECTED = '132,144,168,180';

/** What is wrong with a provider; null where it computes a convolution correctly. */
async function wrong(runtime: OnnxRuntime, provider: GpuProvider): Promise<string | null> {
  try {
    const weights = new Map([['ones', new Float32Array(12).fill(1)]]);
    const session = await openSession(runtime, 1, SUMS, weights, provider);
    try {
      const image = new runtime.Tensor(
        'float32',
        Float32Array.from({length: 27}, (_, i) => i),
        [1, 3, 3, 3],
      );
      const {sums} = await session.run({image});
      const got = Array.from((sums?.data ?? []) as Float32Array).join();
      return got === EXPECTED ? null : `a convolution comes out as ${got}, not ${EXPECTED}`;
    } finally {
      await session.release();
    }
  } catch (error) {
    return firstLine(error);
  }
}
