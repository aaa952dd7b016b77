import {UsageError} from '../errors.js';
import {startCpu} from './cpu.js';
import type {Device} from './device.js';
import {installedBinding, startTensorflow} from './tensorflow.js';

/** What `--device` takes. */
export type DeviceChoice = 'auto' | Device['name'];

/**
 * Starts the tensor backend. `auto` takes `tensorflow` when a binding is installed, loads and sees a GPU, else
 * `cpu`; a name is exact. Throws UsageError, with the reason and the remedy, when the named device does not work.
 */
export async function startDevice(choice: DeviceChoice): Promise<Device> {
  if (choice === 'cpu') return startCpu();
  const binding = installedBinding();
  if (choice === 'auto') return (binding && (await gpuOrNull(binding))) || startCpu();
  if (!binding) {
    throw new UsageError(
      '--device tensorflow: neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed; npm install one of them, or use --device cpu',
    );
  }
  try {
    return await startTensorflow(binding);
  } catch (error) {
    throw new UsageError(
      `--device tensorflow: ${binding} does not load (${firstLine(error)}); reinstall it, or use --device cpu`,
      {cause: error},
    );
  }
}

async function gpuOrNull(binding: string): Promise<Device | null> {
  try {
    const device = await startTensorflow(binding);
    return device.gpu ? device : null;
  } catch {
    // `auto` promises the first device that works; a binding that does not load is not one.
    return null;
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').trim();
}
