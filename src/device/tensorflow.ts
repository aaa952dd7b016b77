import {createRequire} from 'node:module';
import util from 'node:util';
import type {Device, TensorLibrary} from './device.js';

/** The bindings, in the order they are tried. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** TensorFlow keeps to the memory its own allocator finds; a batch is held below this many bytes all the same. */
const TENSORFLOW_MEMORY_LIMIT = 4 * 2 ** 30;

/** What the binding's backend says of itself beyond the tfjs interface. */
interface NodeBackend {
  readonly isUsingGpuDevice?: boolean;
}

/** Which of the bindings is installed, or null. */
export function installedBinding(): string | null {
  const require = createRequire(import.meta.url);
  for (const name of PACKAGES) {
    try {
      require.resolve(name);
      return name;
    } catch {
      // Not installed: the next one may be.
    }
  }
  return null;
}

/** Loads the installed binding. Throws what the binding throws when its native part does not load. */
export async function startTensorflow(binding: string): Promise<Device> {
  restoreRemovedUtilities();
  const require = createRequire(import.meta.url);
  const tf = require(binding) as TensorLibrary & {version?: Record<string, string>};
  if (!(await tf.setBackend('tensorflow'))) throw new Error(`the backend of ${binding} did not start`);
  await tf.ready();
  const {version} = require(`${binding}/package.json`) as {version: string};
  return {
    name: 'tensorflow',
    tf,
    versions: {[binding]: version, '@tensorflow/tfjs-core': tf.version_core},
    gpu: (tf.backend() as NodeBackend).isUsingGpuDevice === true,
    memoryLimit: TENSORFLOW_MEMORY_LIMIT,
  };
}

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
function restoreRemovedUtilities(): void {
  const target = util as unknown as Record<string, unknown>;
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}
