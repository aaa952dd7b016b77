import {SampleError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import type {RoleFile, Samples} from '../samples/sample.js';
import {decodeFile, type FileOptions} from './decoded-file.js';
import {largeFile} from './strips/strip-choice.js';

/** What the first pair that can be read looks like. */
type PairLook =
  /** Label maps of 0 and one other value, 1 or the maximum of 8 or 16 bits, at least one of which holds both. */
  | 'masks'
  /** Palette images of more values, as label maps of several classes are, and some drawings. */
  | 'palettes'
  /** Anything else: label maps in grey, which no file tells apart from photographs, and large masks in colours, too. */
  | 'photographs';

/** Looks at the first pair of prediction and target. */
export async function lookOfFirstPair(samples: Samples, options: FileOptions): Promise<PairLook> {
  for (const {files} of samples) {
    const {pred, target} = files;
    if (pred === undefined || target === undefined) return 'photographs';
    try {
      // Not to be decoded only to be looked at.
      if ((await largeFile(pred, options))?.colours) return 'photographs';
      return lookOf([await sideOf('pred', pred, options), await sideOf('target', target, options)]);
    } catch (error) {
      // The file fails its own row; the next one decides.
      if (!(error instanceof SampleError)) throw error;
    }
  }
  return 'photographs';
}

/** A side of a pair: the values of a mask of two, else null. */
interface Side {
  readonly values: ReadonlySet<number> | null;
  readonly hasPalette: boolean;
}

function lookOf(sides: readonly Side[]): PairLook {
  if (sides.every(({values}) => values !== null)) {
    return sides.some(({values}) => values?.size === 2) ? 'masks' : 'photographs';
  }
  return sides.every(({hasPalette}) => hasPalette) ? 'palettes' : 'photographs';
}

async function sideOf(role: string, file: RoleFile, options: FileOptions): Promise<Side> {
  const {rasters} = await decodeFile(role, file, ['labels'], options);
  const labels = rasters.get('labels') as Raster;
  // Grey that is stored in three equal channels is read as ids as well, but as the values that it has.
  const isPalette = async () => {
    const {data, channels} = (await decodeFile(role, file, ['pixels'], options)).rasters.get('pixels') as Raster;
    return channels > 1 && labels.data.some((id, i) => id !== data[i * channels]);
  };
  const values = maskValues(labels);
  return {values, hasPalette: values === null && labels.channels === 1 && (await isPalette())};
}

/** The ids of a mask of two classes; null for anything else. */
function maskValues({data, channels, maximum}: Raster): ReadonlySet<number> | null {
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
