import {probeDevice} from '../device/probe-device.js';
import type {Finding} from './check.js';
import {nvidiaGpus} from './gpu.js';

const SETUP = 'cv-loss setup tensorflow';

/**
 * Whether a TensorFlow is set up or installed, loads, computes correctly and sees a GPU. Nothing needs it: never a
 * problem, and a notice only where it would help.
 */
export async function checkTensorflow(): Promise<Finding> {
  const {installedBindings} = await import('../device/tensorflow.js');
  const installed = installedBindings().map(({name, setup}) => (setup === null ? name : 'set up'));
  const hasGpu = (await nvidiaGpus()).length > 0;
  const remedy = hasGpu ? `${SETUP} --gpu` : SETUP;
  const none = {installed, works: false, gpu: false};
  if (installed.length === 0) {
    if (hasGpu) return {status: 'notice', detail: 'not set up, so no GPU is used', remedy, facts: none};
    return {status: 'ok', detail: `not set up (${SETUP}); it would use a GPU of NVIDIA`, facts: none};
  }
  const probe = await probeDevice('tensorflow');
  if ('error' in probe || probe.wrong !== null) {
    return {status: 'notice', detail: 'error' in probe ? probe.error : (probe.wrong ?? ''), remedy, facts: none};
  }
  const {versions, gpu, gflops} = probe;
  const [loaded = '', version = ''] = Object.entries(versions)[0] ?? [];
  const facts = {installed, works: true, gpu, versions, gflops};
  const name = `${loaded} ${version}, computes correctly, a convolution at ${Math.round(gflops)} GFLOP/s`;
  if (gpu) return {status: 'ok', detail: `${name}, on a GPU`, facts};
  const detail = `${name}, on the CPU: --device auto does not take it`;
  return hasGpu
    ? {status: 'notice', detail: `${detail}; it sees no GPU`, remedy, facts}
    : {status: 'ok', detail, facts};
}
