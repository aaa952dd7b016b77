import type {ClassName} from '../contract.js';
import {ignoreIndexOption} from '../pixel/class-labels.js';
import {type ScoreInput, scoreOptions} from '../pixel/scores.js';
import type {SampleViews} from '../sample-contract.js';
import {softMasks} from './masks.js';
import {type WeighedMasks, weighMasks} from './soft-counts.js';

/** The options of every loss of probabilities that knows no threshold, as a config writes them. */
export const probabilityOptions = {...scoreOptions, ...ignoreIndexOption};

/** What reading probabilities needs of the options. */
export interface ProbabilityReading {
  readonly input: ScoreInput;
  readonly ignore_index: number | null;
}

/** A sample's probabilities and classes, with the weight of every pixel. Throws SampleError as `softMasks`. */
export function readProbabilities(
  sample: SampleViews,
  {input, ignore_index}: ProbabilityReading,
  classes: readonly ClassName[] | null,
): WeighedMasks {
  // Probabilities are not thresholded; the reader of masks asks for one all the same.
  return weighMasks(sample, softMasks(sample, {input, ignore_index, threshold: 0.5}, classes));
}
