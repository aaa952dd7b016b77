import {UsageError} from '../errors.js';
import {startCpu} from './cpu.js';
import type {Device} from './device.js';
import {firstLine} from './first-line.js';
import {mayHaveCuda, mayHaveGpu} from './gpu-signs.js';
import {type Binding, installedBindings, startTensorflow} from './tensorflow.js';
import {hasWebgpu, startWebgpu} from './webgpu.js';

/** What `--device` takes. */
export type DeviceChoice = 'auto' | Device['name'];

/** What starting a device takes beside its name. */
export interface DeviceOptions {
  /** Refuse to compute without a GPU. */
  readonly requireGpu?: boolean | undefined;
}

/** A device, or why each of the ways to it leads nowhere. */
type Attempt<Reason = string> = {readonly device: Device} | {readonly reasons: readonly Reason[]};

/** Why a binding is not used, and what helps. */
interface BindingProblem {
  readonly reason: string;
  readonly remedy: string;
}

const SET_UP_AGAIN = 'run cv-loss setup tensorflow again (with a GPU: --gpu)';
const DRIVER = "nvidia-smi must list one, with NVIDIA's driver 525 or newer";

/**
 * Starts the tensor backend. `auto` takes `tensorflow` when a binding loads and sees a GPU, `webgpu` when there is an
 * adapter that is not software, else `cpu`; a name is exact. Several can be used side by side.
 * Throws UsageError, with the reason and the remedy, when the named device does not work, or has no GPU where one is
 * required.
 */
export async function startDevice(choice: DeviceChoice, {requireGpu = false}: DeviceOptions = {}): Promise<Device> {
  const device = await START[choice](requireGpu);
  if (device.gpu || !requireGpu) return device;
  throw new UsageError('CVL-D002', `--require-gpu: ${noGpu(device)}; cv-loss doctor says what is missing`);
}

const START: Readonly<Record<DeviceChoice, (requireGpu: boolean) => Promise<Device>>> = {
  cpu: async () => startCpu(),
  async tensorflow(requireGpu) {
    const tried = await tryBindings(requireGpu);
    if ('device' in tried) return tried.device;
    const instead = requireGpu ? '' : ', or use --device cpu';
    throw new UsageError('CVL-D001', `--device tensorflow: ${tensorflowProblem(tried.reasons)}${instead}`);
  },
  async webgpu() {
    const tried = await tryWebgpu(false);
    if ('device' in tried) return tried.device;
    throw new UsageError('CVL-D001', `--device webgpu: ${tried.reasons.join('; ')}, or use --device cpu`);
  },
  async auto(requireGpu) {
    const tensorflow = await tryBindings(true);
    if ('device' in tensorflow) return tensorflow.device;
    const webgpu = await tryAnyWebgpu();
    if ('device' in webgpu) return webgpu.device;
    if (!requireGpu) return startCpu();
    const reasons = [tensorflowProblem(tensorflow.reasons), ...webgpu.reasons];
    throw new UsageError('CVL-D002', `--require-gpu: no GPU can be used: ${reasons.join('; ')}`);
  },
};

/** The first binding that loads (and sees a GPU, when it must), or why each of them does not. */
async function tryBindings(needsGpu: boolean): Promise<Attempt<BindingProblem>> {
  const reasons: BindingProblem[] = [];
  for (const binding of installedBindings()) {
    // Its library takes seconds and much memory to load, to say what is known.
    if (needsGpu && !binding.canUseGpu) {
      reasons.push({reason: `${binding.name} was set up without --gpu`, remedy: SET_UP_AGAIN});
      continue;
    }
    if (needsGpu && !mayHaveCuda()) {
      reasons.push(seesNone(binding));
      continue;
    }
    try {
      const device = await startTensorflow(binding);
      if (device.gpu || !needsGpu) return {device};
      reasons.push(seesNone(binding));
    } catch (error) {
      reasons.push({reason: `${binding.name} does not load (${firstLine(error)})`, remedy: SET_UP_AGAIN});
    }
  }
  return {reasons};
}

function seesNone({name, setup}: Binding): BindingProblem {
  return {reason: `${name} sees no GPU`, remedy: setup === null ? SET_UP_AGAIN : DRIVER};
}

function tensorflowProblem(problems: readonly BindingProblem[]): string {
  if (problems.length === 0) return 'TensorFlow is not set up; run cv-loss setup tensorflow (with a GPU: --gpu)';
  const remedies = new Set(problems.map(({remedy}) => remedy));
  return [...problems.map(({reason}) => reason), ...remedies].join('; ');
}

async function tryWebgpu(needsGpu: boolean): Promise<Attempt> {
  try {
    const device = await startWebgpu();
    if (device.gpu || !needsGpu) return {device};
    await device.close?.();
    return {reasons: [noGpu(device)]};
  } catch (error) {
    return {reasons: [firstLine(error)]};
  }
}

/** WebGPU where it is installed and the machine shows a GPU. */
async function tryAnyWebgpu(): Promise<Attempt> {
  if (!hasWebgpu()) return {reasons: ['webgpu is not installed']};
  return mayHaveGpu() ? tryWebgpu(true) : {reasons: ['webgpu is installed, and there is no GPU that it could use']};
}

function noGpu({name, adapter}: Device): string {
  return `device ${name} ${adapter === undefined ? 'uses no GPU' : `is software (${adapter})`}`;
}
