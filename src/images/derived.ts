import type {Raster} from './raster.js';

/** The image that was made of one last, and how. */
const LAST = new WeakMap<Raster, {readonly how: string; readonly made: Raster}>();

/**
 * An image made of another one, kept with it: a target that several predictions are compared with is brought to their
 * size once, and what comes of it is the same object.
 */
export function derived(raster: Raster, how: string, make: () => Raster): Raster {
  const last = LAST.get(raster);
  if (last?.how === how) return last.made;
  const made = make();
  LAST.set(raster, {how, made});
  return made;
}
