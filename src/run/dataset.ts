import {SampleError} from '../errors.js';
import type {ImageOptions} from '../images/decode.js';
import type {Dataset} from '../losses/contract.js';
import type {Sample} from '../samples/sample.js';
import type {ConfiguredLoss} from './configured-loss.js';
import {readRaster} from './load.js';
import {makeView} from './view.js';

/** The whole dataset as one loss's first pass sees it: one file at a time, nothing kept. */
export function datasetOf(
  loss: ConfiguredLoss,
  samples: readonly Sample[],
  image: ImageOptions,
  signal: AbortSignal,
): Dataset {
  return {
    async *views(role) {
      const reading = loss.readings[role];
      if (!reading) throw new TypeError(`the loss reads role '${role}', which it does not declare`);
      for (const {files} of samples) {
        signal.throwIfAborted();
        const path = files[role];
        if (path === undefined) continue;
        try {
          yield makeView(await readRaster(role, path, reading, image), reading, loss.instance.view);
        } catch (error) {
          // The same file fails its own row, with the reason, when its turn comes.
          if (!(error instanceof SampleError)) throw error;
        }
      }
    },
  };
}
