import {SampleError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import {readStripFile} from '../images/strips/strip-file.js';
import type {RoleFile, Samples} from '../samples/sample.js';
import {decodeFile, type FileOptions, shownPath} from './decoded-file.js';
import {memoryBudget} from './memory-budget.js';
import {largestWhole, mayBeLarge} from './strips/strip-choice.js';

/**
 * Whether the first pair that can be read looks like two masks: label maps of 0 and one other value, 1 or the maximum of
 * 8 or 16 bits, at least one of which holds both. Photographs have more values, and so have label maps of several
 * classes, which no file tells apart from photographs: those need the task to be named, and so do large masks in colours.
 */
export async function firstPairIsMasks(samples: Samples, options: FileOptions): Promise<boolean> {
  for (const {files} of samples) {
    const {pred, target} = files;
    if (pred === undefined || target === undefined) return false;
    try {
      if (await isLargeColours(pred, options)) return false;
      const sides = [await valuesOf('pred', pred, options), await valuesOf('target', target, options)];
      return sides.every((values) => values !== null) && sides.some((values) => values?.size === 2);
    } catch (error) {
      // The file fails its own row; the next one decides.
      if (!(error instanceof SampleError)) throw error;
    }
  }
  return false;
}

/** Whether an image is too large to be decoded only to be looked at, and holds colours by its header. */
async function isLargeColours(
  file: RoleFile,
  {image, cwd, memory = memoryBudget(null)}: FileOptions,
): Promise<boolean> {
  if (typeof file !== 'string' || !mayBeLarge({image, memory})) return false;
  const pixels = largestWhole({memory});
  const large = await readStripFile(file, shownPath(file, {cwd}), {pixels, image}).catch(() => null);
  return large?.colours ?? false;
}

/** The ids of a mask of two classes; null for anything else. */
async function valuesOf(role: string, file: RoleFile, options: FileOptions): Promise<ReadonlySet<number> | null> {
  const {rasters} = await decodeFile(role, file, ['labels'], options);
  const {data, channels, maximum} = rasters.get('labels') as Raster;
  if (channels !== 1 || maximum === null) return null;
  const values = new Set<number>();
  for (const value of data) {
    values.add(value);
    if (values.size > 2) return null;
  }
  const foreground = Math.max(...values);
  const isBinary = values.size === 1 || values.has(0);
  return isBinary && [0, 1, 255, 65_535].includes(foreground) ? values : null;
}
