import {createRequire} from 'node:module';
import {onBackend} from './backend.js';
import type {Device, TensorLibrary} from './device.js';
import {firstLine} from './first-line.js';
import {packageVersion} from './package-version.js';
import {adapterName, adapterProblem, type Gpu, type GpuDevice, isSoftware} from './webgpu-adapter.js';
import {webgpuErrors} from './webgpu-errors.js';

/** Dawn for Node, and the backend of tfjs for it. */
const DAWN = 'webgpu';
const BACKEND = '@tensorflow/tfjs-backend-webgpu';

/** Brings both. */
export const INSTALL_WEBGPU = `npm install ${DAWN} ${BACKEND}`;

/** How many times the largest tensor a batch's tensors may take together. */
const TENSORS_AT_ONCE = 4;

const require = createRequire(import.meta.url);

/** Whether the packages are installed where this one can find them. */
export function hasWebgpu(): boolean {
  return [DAWN, BACKEND].every(isInstalled);
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts tfjs on Dawn's WebGPU: Vulkan, Metal or D3D12. Throws an Error of one line: packages that are missing or do not
 * load, no adapter, one that is too small.
 */
export async function startWebgpu(): Promise<Device> {
  const missing = [DAWN, BACKEND].filter((name) => !isInstalled(name));
  if (missing.length > 0)
    throw new Error(`${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed; ${INSTALL_WEBGPU}`);
  const gpu = await loadDawn();
  const adapter = await gpu.requestAdapter({powerPreference: 'high-performance'});
  if (adapter === null) {
    throw new Error('there is no adapter: Dawn finds no driver of Vulkan, Metal or D3D12 that is new enough');
  }
  const name = adapterName(adapter);
  const problem = adapterProblem(adapter);
  if (problem !== null) throw new Error(`the adapter ${name} is too small: ${problem}`);
  const core = loadBackend();
  const tf = await onBackend(core, 'webgpu').catch((error) => {
    throw new Error(`the backend does not start on ${name} (${firstLine(error)})`, {cause: error});
  });
  users++;
  const {device} = tf.backend() as unknown as {readonly device: GpuDevice};
  const errors = webgpuErrors(device);
  return {
    name: 'webgpu',
    tf,
    ready: async () => undefined,
    versions: {
      '@tensorflow/tfjs-core': tf.version_core,
      [BACKEND]: packageVersion(BACKEND),
      [DAWN]: packageVersion(DAWN),
    },
    gpu: !isSoftware(adapter),
    adapter: name,
    memoryLimit: TENSORS_AT_ONCE * Math.min(adapter.limits.maxBufferSize, adapter.limits.maxStorageBufferBindingSize),
    checked: (work) => errors.checked(work),
    countTensors: () => tf.memory().numTensors,
    async close() {
      if (--users > 0) return;
      core.removeBackend('webgpu');
      device.destroy();
      Reflect.deleteProperty(navigatorOfProcess(), 'gpu');
    },
  };
}

/** Devices that were started and not closed: they share the GPU's device, which goes with the last. */
let users = 0;

/** Dawn, made once and never let go: its process may hang or end when it is collected. */
let dawn: Gpu | undefined;

/** Dawn, with the globals and `navigator.gpu` in place that the backend looks for while it is imported. */
async function loadDawn(): Promise<Gpu> {
  try {
    const {create, globals} = (await import(require.resolve(DAWN))) as {
      create(options: readonly string[]): Gpu;
      globals: Readonly<Record<string, unknown>>;
    };
    Object.assign(globalThis, globals);
    dawn ??= create([]);
    Object.defineProperty(navigatorOfProcess(), 'gpu', {value: dawn, configurable: true});
    return dawn;
  } catch (error) {
    throw new Error(`${DAWN} does not load on ${process.platform}-${process.arch} (${firstLine(error)})`, {
      cause: error,
    });
  }
}

/** Node has a navigator from version 21 on; before, one is made. */
function navigatorOfProcess(): object {
  const scope = globalThis as {navigator?: object};
  if (scope.navigator === undefined) Object.defineProperty(scope, 'navigator', {value: {}, configurable: true});
  return scope.navigator as object;
}

/** What the backend registers once, when it is loaded; closing a device removes it. */
let factory: ReturnType<TensorLibrary['findBackendFactory']> | undefined;

/** The backend, and the copy of tfjs-core that it registers itself with. */
function loadBackend(): TensorLibrary {
  const beside = createRequire(require.resolve(BACKEND));
  const tf = beside('@tensorflow/tfjs-core') as TensorLibrary;
  tf.enableProdMode();
  beside(BACKEND);
  factory ??= tf.findBackendFactory('webgpu');
  if (factory && !tf.findBackendFactory('webgpu')) tf.registerBackend('webgpu', factory);
  return tf;
}
