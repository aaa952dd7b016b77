import * as z from 'zod';
import type {ImagePair} from '../../kernels/row-pair.js';
import type {SsimConstants} from '../../kernels/ssim-windows.js';
import type {Cell} from '../../rows/row.js';
import {type Form, formOption, inForm} from '../form.js';
import type {SampleViews, StoredSample} from '../sample-contract.js';
import {viewOptions} from '../view-options.js';

/** The options that SSIM and MS-SSIM share. */
export const similarityOptions = {
  ...viewOptions,
  k1: z.number().positive().default(0.01).describe('stabilises the luminance term: c1 = (k1 · data range)²'),
  k2: z.number().positive().default(0.03).describe('stabilises the contrast-structure term: c2 = (k2 · data range)²'),
  ...formOption,
};

/** c1 = (k1·L)² and c2 = (k2·L)² (Wang 2004, equations 7 and 11), L the width of the range; values are centred at its middle. */
export function similarityConstants(options: {
  k1: number;
  k2: number;
  range: readonly [number, number];
}): SsimConstants {
  const [low, high] = options.range;
  const width = high - low;
  return {c1: (options.k1 * width) ** 2, c2: (options.k2 * width) ** 2, centre: low + width / 2};
}

/** The images of a sample and which of their pixels count. */
export function imagePair(sample: SampleViews | StoredSample): ImagePair {
  return {
    pred: sample.view('pred'),
    target: sample.view('target'),
    valid: sample.valid(),
    weights: sample.weights(),
  };
}

/** The mean of a similarity over channels as a cell, in its form. `weight` is the windows' weight, 0 when none counts. */
export function similarityCell(channels: Float64Array, weight: number, form: Form): Cell {
  if (weight === 0) return {undefined: 'no valid pixel'};
  const mean = channels.reduce((sum, value) => sum + value, 0) / channels.length;
  if (Number.isNaN(mean)) return {undefined: 'computed NaN'};
  return inForm(mean, {form});
}
