import {z} from 'zod';
import {boundaryPixels} from '../../kernels/boundary.js';
import {squaredDistancesBetween} from '../../kernels/surface.js';
import type {Cell} from '../../rows/row.js';
import {defineLoss} from '../contract.js';
import {betterIn, formOption, inForm, objectiveIn} from '../form.js';
import {classMaskLoss} from './class-mask-loss.js';
import type {MaskPair} from './class-masks.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';

/**
 * Boundary F measure, as DAVIS defines it: precision is the share of the prediction's boundary pixels within
 * `tolerance` of the target's boundary, recall the other way round, and the value their harmonic mean (0 where both
 * are 0). A boundary pixel differs from its right, lower or lower right neighbour, so that the image's edge is none.
 * `tolerance` below 1 is a fraction of the image's diagonal, rounded up to pixels; else a number of pixels. 0 where
 * exactly one mask is empty or has no boundary.
 */
export const boundaryF = defineLoss({
  id: 'boundary-f',
  family: 'mask',
  better: betterIn,
  summary: 'F measure of boundary pixels within a tolerance',
  formula: '2 P R / (P + R), P and R the shares of boundary pixels within tolerance of the other boundary',
  reference:
    'Perazzi et al. 2016, A benchmark dataset and evaluation methodology for video object segmentation (DAVIS), and the released code; Martin, Fowlkes, Malik 2004',
  undefinedWhen: 'both masks are empty, neither has a boundary, or no pixel is valid',
  inputs: maskInputs,
  optionalInputs: {ignore: 'labels'},
  objective: objectiveIn,
  options: z.strictObject({
    ...maskOptions,
    ...backgroundOption,
    ...formOption,
    tolerance: z
      .number()
      .min(0)
      .default(0.008)
      .describe('largest distance that counts as a match: below 1 a fraction of the diagonal, else pixels'),
  }),
  create: (options, context) =>
    classMaskLoss(context, {
      options,
      better: betterIn(options),
      cells(pair) {
        const f = boundaryMeasure(pair, matchDistance(options.tolerance, pair.diagonal));
        return {'': typeof f === 'number' ? inForm(f, options) : f};
      },
    }),
});

function matchDistance(tolerance: number, diagonal: number): number {
  return tolerance < 1 ? Math.ceil(tolerance * diagonal) : tolerance;
}

function boundaryMeasure(pair: MaskPair, distance: number): Cell {
  if (pair.predEmpty || pair.targetEmpty) return 0;
  const {height, width} = pair;
  const pred = boundaryPixels(pair.pred, height, width);
  const target = boundaryPixels(pair.target, height, width);
  const [anyPred, anyTarget] = [pred.includes(1), target.includes(1)];
  if (!anyPred && !anyTarget) return {undefined: 'neither mask has a boundary'};
  if (!anyPred || !anyTarget) return 0;
  const within = (from: Uint8Array, to: Uint8Array) => {
    const squared = squaredDistancesBetween(from, to, height, width);
    return squared.reduce((count, value) => (value <= distance * distance ? count + 1 : count), 0) / squared.length;
  };
  const precision = within(pred, target);
  const recall = within(target, pred);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}
