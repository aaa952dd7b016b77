import {probeDevice} from '../device/probe-device.js';
import type {Finding} from './check.js';

/** Whether the WebAssembly backend starts and computes correctly; every run may fall back on it. */
export async function checkCpu(): Promise<Finding> {
  const probe = await probeDevice('cpu');
  if ('error' in probe) {
    return {status: 'problem', detail: probe.error, remedy: 'npm ci', facts: {works: false}};
  }
  const {versions, memoryLimit, wrong, gflops} = probe;
  const facts = {works: wrong === null, versions, batch_limit_bytes: memoryLimit, gflops};
  if (wrong !== null) return {status: 'problem', detail: wrong, remedy: 'npm ci', facts};
  const version = versions['@tensorflow/tfjs-backend-wasm'] ?? 'unknown';
  const limit = memoryLimit / 2 ** 30;
  return {
    status: 'ok',
    detail: `TensorFlow.js ${version} on WebAssembly, computes correctly, a convolution at ${Math.round(gflops)} GFLOP/s; a batch takes at most ${limit} of its 4 GiB`,
    facts,
  };
}
