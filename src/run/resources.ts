import type {Device} from '../device/device.js';
import {type DeviceChoice, startDevice} from '../device/start.js';
import {DecodedFiles} from './decoded-files.js';
import {RunNetworks, type RunNetworksOptions} from './networks.js';

/** What a run works with, and what runs over the same targets have in common. */
export interface RunResources {
  readonly device: Device;
  readonly networks: RunNetworks;
  readonly files: DecodedFiles;
  /** Frees what the networks hold. */
  close(): Promise<void>;
}

/** Starts the device; networks are opened when a loss asks for them. Throws UsageError for a device that does not work. */
export async function openResources(choice: DeviceChoice, options: RunNetworksOptions): Promise<RunResources> {
  const device = await startDevice(choice);
  const networks = new RunNetworks(device, options);
  return {device, networks, files: new DecodedFiles(), close: () => networks.close()};
}
