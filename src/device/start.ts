import {UsageError} from '../errors.js';
import {startCpu} from './cpu.js';
import type {Device} from './device.js';
import {BINDINGS, installedBindings, startTensorflow} from './tensorflow.js';

/** What `--device` takes. */
export type DeviceChoice = 'auto' | Device['name'];

/**
 * Starts the tensor backend. `auto` takes `tensorflow` when an installed binding loads and sees a GPU, else `cpu`; a
 * name is exact. tfjs has one backend a process, so a device works until the next one is started.
 * Throws UsageError, with the reason and the remedy, when the named device does not work.
 */
export async function startDevice(choice: DeviceChoice): Promise<Device> {
  if (choice === 'cpu') return startCpu();
  const tried = await tryBindings(choice === 'auto');
  if ('device' in tried) return tried.device;
  if (choice === 'auto') return startCpu();
  const problem =
    tried.reasons.length === 0
      ? `neither ${BINDINGS.join(' nor ')} is installed; npm install one of them`
      : `${tried.reasons.join('; ')}; install it again`;
  throw new UsageError(`--device tensorflow: ${problem}, or use --device cpu`);
}

/** The first installed binding that loads (and sees a GPU, when it must), or why each of them does not. */
async function tryBindings(
  needsGpu: boolean,
): Promise<{readonly device: Device} | {readonly reasons: readonly string[]}> {
  const reasons: string[] = [];
  for (const binding of installedBindings()) {
    try {
      const device = await startTensorflow(binding);
      if (device.gpu || !needsGpu) return {device};
      reasons.push(`${binding} sees no GPU`);
    } catch (error) {
      reasons.push(`${binding} does not load (${firstLine(error)})`);
    }
  }
  return {reasons};
}

/** Node and tfjs-node put advice and paths on the lines after the first. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.trim().split('\n')[0] ?? '').trim();
}
