import type {Device} from '../device/device.js';
import {type DeviceChoice, type DeviceOptions, startDevice} from '../device/start.js';
import type {ContentCache} from '../storage/content-cache.js';
import {DecodedFiles} from './decoded-files.js';
import {RunNetworks, type RunNetworksOptions} from './networks.js';
import {openRunCache, type RunCacheOptions} from './run-cache.js';
import {watchTensors} from './tensor-watch.js';

/** What a run works with, and what runs over the same targets have in common. */
export interface RunResources {
  readonly device: Device;
  readonly networks: RunNetworks;
  readonly files: DecodedFiles;
  /** Features of earlier runs; null where none are kept. */
  readonly cache: ContentCache | null;
  /** Frees what the networks hold, and waits until the cache has what it was given. */
  close(): Promise<void>;
}

/**
 * Starts the device; networks are opened when a loss asks for them. Throws UsageError for a device that does not work,
 * and for a bound of the cache that is no size.
 */
export async function openResources(
  choice: DeviceChoice,
  options: Omit<RunNetworksOptions, 'cache'> & RunCacheOptions & DeviceOptions,
): Promise<RunResources> {
  const cache = openRunCache(options);
  const device = await startDevice(choice, options);
  const countLeft = watchTensors(device);
  const networks = new RunNetworks(device, {...options, cache});
  return {
    device,
    networks,
    files: new DecodedFiles(),
    cache,
    async close() {
      await networks.close();
      await cache?.close();
      countLeft();
      await device.close?.();
    },
  };
}
