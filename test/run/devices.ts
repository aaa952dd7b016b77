import type {Device} from '../../src/device/device.js';
import {startDevice} from '../../src/device/start.js';

/** The CPU device, with its tensor library loaded. */
export async function cpu(): Promise<Device> {
  const device = await startDevice('cpu');
  await device.ready();
  return device;
}

/** Another device than the CPU, on which losses run in their tensor form: the same library under another name. */
export async function tensorDevice(memoryLimit?: number): Promise<Device> {
  const device = await cpu();
  return {...device, name: 'tensorflow', memoryLimit: memoryLimit ?? device.memoryLimit};
}
