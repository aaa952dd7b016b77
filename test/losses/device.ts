import type {Device} from '../../src/device/device.js';
import {startDevice} from '../../src/device/start.js';
import type {Tolerance} from './close.js';

/** The device that tensor forms are tested on: CV_LOSS_TEST_DEVICE, by default `cpu`. */
export const TEST_DEVICE = (process.env.CV_LOSS_TEST_DEVICE || 'cpu') as Device['name'];

/** How many random cases are tried, of those on the CPU: a device that is software takes seconds for a network. */
const SHARE = {cpu: 1, tensorflow: 0.2, webgpu: 0.05} as const;

let started: Promise<Device> | undefined;

/** The device under test, started once. */
export function testDevice(): Promise<Device> {
  started ??= startDevice(TEST_DEVICE).then(async (device) => {
    await device.ready();
    return device;
  });
  return started;
}

/** A number of cases as the device allows; never none. */
export function cases(onCpu: number): number {
  return Math.max(1, Math.ceil(onCpu * SHARE[TEST_DEVICE]));
}

/** A tolerance of the CPU on the device under test: that of a GPU is 1e-4 relative. */
export function onDevice({relative, floor}: Tolerance): Tolerance {
  return TEST_DEVICE === 'webgpu'
    ? {relative: Math.max(1e-4, relative), floor: Math.max(1e-6, floor)}
    : {relative, floor};
}
