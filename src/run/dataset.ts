import {SampleError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import type {View} from '../kernels/view.js';
import type {Dataset} from '../losses/contract.js';
import type {RoleFile, Samples} from '../samples/sample.js';
import type {ConfiguredLoss} from './configured-loss.js';
import {decodeFile, type FileOptions} from './decoded-file.js';
import {prefetch} from './prefetch.js';
import {makeView} from './view.js';

/**
 * The whole dataset as one loss's first pass sees it: a few files ahead, nothing kept. Images have their own size,
 * before any size policy.
 */
export function datasetOf(
  loss: Pick<ConfiguredLoss, 'instance' | 'readings'>,
  samples: Samples,
  options: FileOptions,
  signal: AbortSignal,
): Dataset {
  return {
    async *views(role) {
      const reading = loss.readings[role];
      if (!reading) throw new TypeError(`the loss reads role '${role}', which it does not declare`);
      const readView = async (file: RoleFile): Promise<View | null> => {
        try {
          const {rasters} = await decodeFile(role, file, [reading], options);
          return makeView(rasters.get(reading) as Raster, reading, loss.instance.view);
        } catch (error) {
          // The same file fails its own row, with the reason, when its turn comes.
          if (error instanceof SampleError) return null;
          throw error;
        }
      };
      const given = samples.map(({files}) => files[role]).filter((file) => file !== undefined);
      for await (const view of prefetch(given, readView, (made) => made?.data.byteLength ?? 0)) {
        signal.throwIfAborted();
        if (view) yield view;
      }
    },
  };
}
