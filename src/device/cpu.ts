import {UsageError} from '../errors.js';
import {onBackend} from './backend.js';
import {deferLibrary} from './deferred-library.js';
import type {Device, TensorLibrary} from './device.js';
import {firstLine} from './first-line.js';
import {packageVersion} from './package-version.js';

/** wasm memory ends at 4 GB and a failed allocation there cannot be caught, so batches stay far below. */
const WASM_MEMORY_LIMIT = 1.5 * 2 ** 30;

const PACKAGES = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'] as const;

/** tfjs on its WebAssembly backend (SIMD, one thread in Node), which starts when a tensor is first needed. */
export function startCpu(): Device {
  const versions = PACKAGES.map((name) => [name, packageVersion(name)]);
  return {
    name: 'cpu',
    ...deferLibrary(startWasm),
    versions: Object.fromEntries(versions),
    gpu: false,
    memoryLimit: WASM_MEMORY_LIMIT,
  };
}

async function startWasm(): Promise<TensorLibrary> {
  const tf = (await import('@tensorflow/tfjs-core')) as TensorLibrary;
  await import('@tensorflow/tfjs-backend-wasm');
  return onBackend(tf, 'wasm').catch((error) => {
    throw new UsageError(
      'CVL-D001',
      `--device cpu: the wasm backend of TensorFlow.js does not start on ${process.platform}-${process.arch}, Node ${process.version} (${firstLine(error)}); run npm ci again, or use another Node`,
      {cause: error},
    );
  });
}
