import {probeDevice} from '../device/probe-device.js';
import type {Finding} from './check.js';

/** Whether a binding of TensorFlow is installed, loads, computes correctly and sees a GPU. Nothing needs it: never a problem. */
export async function checkTensorflow(): Promise<Finding> {
  const {BINDINGS, installedBindings} = await import('../device/tensorflow.js');
  const [withGpu, withoutGpu] = BINDINGS;
  const installed = installedBindings();
  const [first] = installed;
  if (first === undefined) {
    return {
      status: 'notice',
      detail: `not installed, so --device auto takes cpu; ${withGpu} uses a GPU, ${withoutGpu} all cores`,
      remedy: `npm install ${withGpu}`,
      facts: {installed, works: false, gpu: false},
    };
  }
  const probe = await probeDevice('tensorflow');
  if ('error' in probe || probe.wrong !== null) {
    const detail = 'error' in probe ? probe.error : (probe.wrong ?? '');
    return {status: 'notice', detail, remedy: `npm install ${first}`, facts: {installed, works: false, gpu: false}};
  }
  const {versions, gpu} = probe;
  const [loaded = '', version = ''] = Object.entries(versions)[0] ?? [];
  const facts = {installed, works: true, gpu, versions};
  if (gpu) return {status: 'ok', detail: `${loaded} ${version}, with a GPU`, facts};
  return {
    status: 'notice',
    detail: `${loaded} ${version} sees no GPU, so --device auto takes cpu; --device tensorflow takes it all the same`,
    remedy: loaded === withGpu ? 'nvidia-smi' : `npm install ${withGpu}`,
    facts,
  };
}
