import {UsageError} from '../errors.js';
import type {Device, TensorLibrary} from './device.js';

/** wasm memory ends at 4 GB and a failed allocation there cannot be caught, so batches stay far below. */
const WASM_MEMORY_LIMIT = 1.5 * 2 ** 30;

/**
 * Starts tfjs on its WebAssembly backend (SIMD, one thread in Node).
 * Throws UsageError where this Node does not run it.
 */
export async function startCpu(): Promise<Device> {
  const tf = (await import('@tensorflow/tfjs-core')) as TensorLibrary;
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm'))) {
    throw new UsageError(
      `--device cpu: the wasm backend of TensorFlow.js does not start on ${process.platform}-${process.arch}, Node ${process.version}; run npm ci again, or use another Node`,
    );
  }
  await tf.ready();
  return {
    name: 'cpu',
    tf,
    versions: {'@tensorflow/tfjs-core': tf.version_core, '@tensorflow/tfjs-backend-wasm': wasm.version_wasm},
    gpu: false,
    memoryLimit: WASM_MEMORY_LIMIT,
  };
}
