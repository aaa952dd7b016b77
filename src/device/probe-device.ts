import {packageFile} from '../package-files.js';
import type {Device} from './device.js';
import type {Probe} from './device-probe.js';
import {probe} from './probe.js';

const PROGRAM = packageFile('dist/device/device-probe.js');

const SETUP_TIMEOUT_MS = 600_000;

let turn: Promise<unknown> = Promise.resolve();

/**
 * Starts a device and computes on it, in a process of its own, one device after another: each has the machine to itself
 * while it is timed. Never throws.
 */
export function probeDevice(name: Device['name']): Promise<Probe> {
  const answer = turn.then(() => probe<Probe>(PROGRAM, [name]));
  turn = answer;
  return answer;
}

/**
 * The same with the TensorFlow in the folder of a set-up. It is waited for long: libraries of several GB are read from
 * the disk for the first time, and who waits can interrupt.
 */
export function probeSetup(folder: string, signal: AbortSignal): Promise<Probe> {
  return probe<Probe>(PROGRAM, ['tensorflow', folder], {timeoutMs: SETUP_TIMEOUT_MS, signal});
}
