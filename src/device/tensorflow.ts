import {createRequire} from 'node:module';
import {join} from 'node:path';
import util from 'node:util';
import {onBackend} from './backend.js';
import type {Device, TensorLibrary} from './device.js';
import {libraryProblem} from './setup-libraries.js';
import {currentSetup, SETUP_PACKAGE} from './tensorflow-setup.js';

/** The packages that bind TensorFlow to Node, in the order they are tried. */
const BINDINGS = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** TensorFlow keeps to the memory its own allocator finds; a batch is held below this many bytes all the same. */
const TENSORFLOW_MEMORY_LIMIT = 4 * 2 ** 30;

/** A binding of TensorFlow that can be tried. */
export interface Binding {
  readonly name: string;
  /** What `require` takes: a package's name, or its folder. */
  readonly path: string;
  /** The folder that `cv-loss setup tensorflow` made; null for a package. */
  readonly setup: string | null;
  /** Whether it may see a GPU. */
  readonly canUseGpu: boolean;
}

/** What the binding's backend says of itself beyond the tfjs interface. */
interface NodeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: {readonly TF_Version?: string};
}

const require = createRequire(import.meta.url);

/** The bindings there are, the one that `cv-loss setup tensorflow` made first, then installed packages. */
export function installedBindings(): Binding[] {
  const setup = currentSetup();
  return [
    ...(setup ? [{...setUpBinding(setup.folder), canUseGpu: setup.gpu}] : []),
    ...BINDINGS.filter(isInstalled).map(packageBinding),
  ];
}

/** The binding in the folder of a set-up. */
export function setUpBinding(folder: string): Binding {
  return {name: '@tensorflow/tfjs-node', path: join(folder, SETUP_PACKAGE), setup: folder, canUseGpu: true};
}

function packageBinding(name: string): Binding {
  return {name, path: name, setup: null, canUseGpu: true};
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch (error) {
    // A package that is there without its main file is installed: loading it will say what is wrong.
    return !(error instanceof Error && error.message.startsWith(`Cannot find module '${name}'`));
  }
}

/** Loads a binding. Throws what the binding throws when its native part does not load. */
export async function startTensorflow({name, path, setup}: Binding): Promise<Device> {
  const problem = setup === null ? null : libraryProblem(setup);
  if (problem !== null) throw new Error(problem);
  restoreRemovedUtilities();
  configureTensorflow();
  // A binding may bring its own copy of tfjs-core, which would warn that it sets the platform again.
  (await import('@tensorflow/tfjs-core')).enableProdMode();
  const tf = await onBackend(require(path) as TensorLibrary, 'tensorflow');
  const {version} = require(join(path, 'package.json')) as {version: string};
  const {isUsingGpuDevice, binding} = tf.backend() as NodeBackend;
  return {
    name: 'tensorflow',
    tf,
    ready: async () => undefined,
    versions: {
      ...(binding?.TF_Version !== undefined && {tensorflow: binding.TF_Version}),
      [name]: version,
      '@tensorflow/tfjs-core': tf.version_core,
    },
    gpu: isUsingGpuDevice === true,
    memoryLimit: TENSORFLOW_MEMORY_LIMIT,
    countTensors: () => tf.memory().numTensors,
  };
}

/** What TensorFlow reads from the environment when it loads; what the user set stays. */
function configureTensorflow(): void {
  const {env} = process;
  // It greets on stderr at level 0; warnings and errors stay.
  env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  // Without it, all of a GPU's memory is taken at once.
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // TensorFloat-32 keeps ten bits of a factor, where 1e-4 relative is promised.
  env.NVIDIA_TF32_OVERRIDE ??= '0';
  // Sums on a GPU come in one order, so that a run can be repeated.
  env.TF_DETERMINISTIC_OPS ??= '1';
}

/** tfjs-node 4.22 calls two functions that Node 22 warns of and Node 23 removed. */
function restoreRemovedUtilities(): void {
  const target = util as unknown as Record<string, unknown>;
  target.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  target.isArray = Array.isArray;
}
