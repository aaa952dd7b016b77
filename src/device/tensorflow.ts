import {createRequire} from 'node:module';
import util from 'node:util';
import type {Device, TensorLibrary} from './device.js';

/** The packages that bind TensorFlow to Node, in the order they are tried. */
export const BINDINGS = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** TensorFlow keeps to the memory its own allocator finds; a batch is held below this many bytes all the same. */
const TENSORFLOW_MEMORY_LIMIT = 4 * 2 ** 30;

/** What the binding's backend says of itself beyond the tfjs interface. */
interface NodeBackend {
  readonly isUsingGpuDevice?: boolean;
}

const require = createRequire(import.meta.url);

/** Which of the bindings are installed where this package can find them. */
export function installedBindings(): string[] {
  return BINDINGS.filter((name) => {
    try {
      require.resolve(name);
      return true;
    } catch (error) {
      // A package that is there without its main file is installed: loading it will say what is wrong.
      return !(error instanceof Error && error.message.startsWith(`Cannot find module '${name}'`));
    }
  });
}

/** Loads an installed binding. Throws what the binding throws when its native part does not load. */
export async function startTensorflow(binding: string): Promise<Device> {
  restoreRemovedUtilities();
  // TensorFlow greets on stderr at level 0; warnings and errors stay.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  // A binding may bring its own copy of tfjs-core, which would warn that it sets the platform again.
  (await import('@tensorflow/tfjs-core')).enableProdMode();
  const tf = require(binding) as TensorLibrary;
  if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend did not start');
  await tf.ready();
  const {version} = require(`${binding}/package.json`) as {version: string};
  return {
    name: 'tensorflow',
    tf,
    ready: async () => undefined,
    versions: {[binding]: version, '@tensorflow/tfjs-core': tf.version_core},
    gpu: (tf.backend() as NodeBackend).isUsingGpuDevice === true,
    memoryLimit: TENSORFLOW_MEMORY_LIMIT,
  };
}

/** tfjs-node 4.22 calls two functions that Node 22 warns of and Node 23 removed. */
function restoreRemovedUtilities(): void {
  const target = util as unknown as Record<string, unknown>;
  target.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  target.isArray = Array.isArray;
}
