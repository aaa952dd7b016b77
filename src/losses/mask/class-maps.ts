import {IGNORED} from '../pixel/class-labels.js';
import type {PixelMap} from '../pixel-map.js';
import type {SampleViews} from '../sample-contract.js';
import type {HardMasks} from './masks.js';
import type {WeighedMasks} from './soft-counts.js';

/** What the map of a loss of hard masks shows. */
export const WRONG_PIXELS = 'wrong pixels (false positives and false negatives)';

/** What the map of a loss of probabilities shows. */
export const PROBABILITY_ERROR = 'error of the probabilities';

/** 1 where the predicted class is not the target's, else 0; NaN where a pixel is ignored or weighs 0. */
export function wrongPixels(sample: SampleViews, {height, width, pred, target}: HardMasks): PixelMap {
  const weights = sample.weights();
  const values = Float64Array.from(target, (truth, i) => {
    if (truth === IGNORED || weights?.[i] === 0) return Number.NaN;
    return pred[i] === truth ? 0 : 1;
  });
  return {height, width, values, weights};
}

/** A function of what each class's probability misses, |p − y|, over the classes; NaN where a pixel weighs 0. */
export function probabilityMap(
  {height, width, channels, target, weights, read}: WeighedMasks,
  ofErrors: (errors: Float64Array) => number,
): PixelMap {
  const pixel = new Float64Array(channels);
  const values = Float64Array.from(weights, (weight, i) => {
    if (weight === 0) return Number.NaN;
    read(i, pixel);
    for (let c = 0; c < channels; c++) {
      const truth = channels === 1 ? (target[i] as number) : Number(target[i] === c);
      pixel[c] = Math.abs((pixel[c] as number) - truth);
    }
    return ofErrors(pixel);
  });
  return {height, width, values, weights};
}

/** The mean error over the classes from the `first` on. */
export function meanError(first: number): (errors: Float64Array) => number {
  return (errors) => {
    let sum = 0;
    for (let c = first; c < errors.length; c++) sum += errors[c] as number;
    return sum / (errors.length - first);
  };
}
