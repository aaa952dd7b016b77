import type {Device} from '../../src/device/device.js';
import {startDevice} from '../../src/device/start.js';

/** The CPU device, as a run starts it. */
export function cpu(): Promise<Device> {
  return startDevice('cpu');
}

/** Another device than the CPU, on which losses run in their tensor form: the same library under another name. */
export async function tensorDevice(memoryLimit?: number): Promise<Device> {
  const device = await startDevice('cpu');
  return {...device, name: 'tensorflow', memoryLimit: memoryLimit ?? device.memoryLimit};
}
