import {availableParallelism} from 'node:os';
import {hasOnnxRuntime, INSTALL_ONNX_RUNTIME} from '../device/onnx-runtime.js';
import {probe} from '../device/probe.js';
import {packageFile} from '../package-files.js';
import type {Finding} from './check.js';
import type {NetworkProbe} from './network-probe.js';

const SLOWER = 'networks run on tfjs, several times slower';

/** Whether ONNX Runtime, which runs networks on the CPU, is installed, loads and computes correctly. Without it tfjs does: never a problem. */
export async function checkNetworks(): Promise<Finding> {
  const missing = {version: null, works: false, threads: null};
  if (!hasOnnxRuntime()) {
    return {
      status: 'notice',
      detail: `onnxruntime-node is missing, so ${SLOWER}`,
      remedy: INSTALL_ONNX_RUNTIME,
      facts: missing,
    };
  }
  const found = await probe<NetworkProbe>(packageFile('dist/doctor/network-probe.js'));
  if ('error' in found || found.wrong !== null) {
    const reason = 'error' in found ? found.error : found.wrong;
    const detail = `onnxruntime-node does not work, so ${SLOWER}: ${reason}`;
    return {status: 'notice', detail, remedy: INSTALL_ONNX_RUNTIME, facts: missing};
  }
  const threads = availableParallelism();
  return {
    status: 'ok',
    detail: `onnxruntime-node ${found.version}, computes correctly; ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    facts: {version: found.version, works: true, threads},
  };
}
