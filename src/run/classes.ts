import {SampleError} from '../errors.js';
import type {ClassName} from '../losses/contract.js';
import type {Samples} from '../samples/sample.js';
import type {LossEntry} from './configured-loss.js';
import {decodeFile, type FileOptions} from './decoded-file.js';
import {largeFile} from './strips/strip-choice.js';

/**
 * The classes of a run whose config names none: where a loss compares masks and the first readable prediction has k
 * channels of scores, the ids 0 … k − 1; null, a binary run, otherwise. The first by key of the whole dataset decides for
 * every row, so that shards agree.
 */
export async function classesOfScores(
  {losses, ...options}: FileOptions & {readonly losses: readonly LossEntry[]},
  samples: Samples,
): Promise<readonly ClassName[] | null> {
  if (!losses.some(({descriptor}) => descriptor.inputs.pred === 'mask')) return null;
  for (const {files} of samples) {
    const {pred} = files;
    if (pred === undefined) continue;
    try {
      // PNG and JPEG hold integers, whatever is in them.
      if (await largeFile(pred, options)) return null;
      const {rasters} = await decodeFile('pred', pred, new Set(['mask'] as const), options);
      const raster = rasters.get('mask');
      // Integers of several channels are a picture, whose row says so.
      if (!raster || raster.channels === 1 || raster.maximum !== null) return null;
      return Array.from({length: raster.channels}, (_, id) => ({id, name: String(id)}));
    } catch (error) {
      // The file fails its own row; the next one decides.
      if (!(error instanceof SampleError)) throw error;
    }
  }
  return null;
}
