import {mayHaveGpu} from '../device/gpu-signs.js';
import {probeDevice} from '../device/probe-device.js';
import {hasWebgpu, INSTALL_WEBGPU} from '../device/webgpu.js';
import type {Finding} from './check.js';

/** Whether WebGPU is installed, finds an adapter and computes correctly. Nothing needs it: never a problem. */
export async function checkWebgpu(): Promise<Finding> {
  const none = {installed: hasWebgpu(), works: false, gpu: false};
  const hasGpu = mayHaveGpu();
  if (!none.installed) {
    const detail = 'not installed; it would use a GPU by Vulkan, Metal or D3D12';
    return {status: 'ok', detail: hasGpu ? `${detail} (${INSTALL_WEBGPU})` : detail, facts: none};
  }
  if (!hasGpu) {
    return {status: 'ok', detail: 'installed; there is no GPU that it could use', facts: none};
  }
  const probe = await probeDevice('webgpu');
  if ('error' in probe) return {status: hasGpu ? 'notice' : 'ok', detail: probe.error, facts: none};
  const {versions, gpu, gflops, adapter, wrong} = probe;
  const facts = {installed: true, works: wrong === null, gpu, versions, adapter, gflops};
  if (wrong !== null) return {status: 'notice', detail: `${adapter}: ${wrong}`, remedy: INSTALL_WEBGPU, facts};
  const name = `${adapter}, computes correctly, a convolution at ${gflops.toPrecision(2)} GFLOP/s`;
  return {status: 'ok', detail: gpu ? name : `${name}; it is software, so --device auto does not take it`, facts};
}
