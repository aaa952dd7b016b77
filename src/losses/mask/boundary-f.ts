import * as z from 'zod';
import {boundaryPixels} from '../../kernels/boundary.js';
import {squaredDistancesBetween} from '../../kernels/surface.js';
import {defineLoss} from '../contract.js';
import {betterIn, formOption, inForm, objectiveIn} from '../form.js';
import {classMaskAggregate, classMaskLoss} from './class-mask-loss.js';
import type {MaskPair} from './class-masks.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';

const COUNTS = ['pred', 'target', 'matched_pred', 'matched_target'] as const;

/**
 * Boundary F measure, as DAVIS defines it: precision is the share of the prediction's boundary pixels within
 * `tolerance` of the target's boundary, recall the other way round, and the value their harmonic mean (0 where both
 * are 0). A boundary pixel differs from its right, lower or lower right neighbour, so that the image's edge is none.
 * `tolerance` below 1 is a fraction of the image's diagonal, rounded up to pixels; else a number of pixels. 0 where
 * exactly one mask is empty or has no boundary. The aggregate `dataset` is that of the boundary pixels, all and matched,
 * summed over all samples.
 */
export const boundaryF = defineLoss({
  id: 'boundary-f',
  family: 'mask',
  better: betterIn,
  summary: 'F measure of boundary pixels within a tolerance',
  formula: '2 P R / (P + R), P and R the shares of boundary pixels within tolerance of the other boundary',
  range: '0 to 1; 1 where the contours meet within the tolerance',
  use: "Contours in video object segmentation (DAVIS's F, beside iou as its J).",
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
      counts: COUNTS,
      cells(pair) {
        const matches = boundaryMatches(pair, matchDistance(options.tolerance, pair.diagonal));
        const f = boundaryMeasure(matches);
        const empty = pair.predEmpty || pair.targetEmpty;
        const value = Number.isNaN(f) && empty ? 0 : f;
        return {
          '': Number.isNaN(value) ? {undefined: 'neither mask has a boundary'} : inForm(value, options),
          ...matches,
        };
      },
    }),
  aggregate: (columns, options) => ({
    ...classMaskAggregate(columns, COUNTS, (matches) => inForm(boundaryMeasure(matches), options)),
  }),
});

/** Boundary pixels of both masks, and how many of them the other boundary is near to. */
type BoundaryMatches = Readonly<Record<(typeof COUNTS)[number], number>>;

function matchDistance(tolerance: number, diagonal: number): number {
  return tolerance < 1 ? Math.ceil(tolerance * diagonal) : tolerance;
}

function boundaryMatches(pair: MaskPair, distance: number): BoundaryMatches {
  const {height, width} = pair;
  const pred = boundaryPixels(pair.pred, height, width);
  const target = boundaryPixels(pair.target, height, width);
  const matched = (from: Uint8Array, to: Uint8Array) =>
    squaredDistancesBetween(from, to, height, width).reduce((n, squared) => n + Number(squared <= distance ** 2), 0);
  return {
    pred: count(pred),
    target: count(target),
    matched_pred: matched(pred, target),
    matched_target: matched(target, pred),
  };
}

function count(boundary: Uint8Array): number {
  return boundary.reduce((sum, set) => sum + set, 0);
}

/** 0 where one mask has no boundary, NaN where neither has one. */
function boundaryMeasure({pred, target, matched_pred, matched_target}: BoundaryMatches): number {
  if (pred === 0 && target === 0) return Number.NaN;
  if (matched_pred === 0 || matched_target === 0) return 0;
  const [precision, recall] = [matched_pred / pred, matched_target / target];
  return (2 * precision * recall) / (precision + recall);
}
