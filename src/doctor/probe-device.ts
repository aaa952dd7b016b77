import type {Probe} from './device-probe.js';
import {probe} from './probe.js';

/** Starts a device and computes on it, in a process of its own. Never throws. */
export function probeDevice(name: 'cpu' | 'tensorflow'): Promise<Probe> {
  return probe<Probe>('device-probe', name);
}
