import * as z from 'zod';
import {erodeBySquare} from '../../kernels/erosion.js';
import {defineLoss} from '../contract.js';
import {betterIn, formOption, inForm, objectiveIn} from '../form.js';
import {classMaskAggregate, classMaskLoss} from './class-mask-loss.js';
import type {MaskPair} from './class-masks.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';

const COUNTS = ['intersection', 'union'] as const;

/**
 * Boundary IoU: the intersection over union of the inner boundary bands of two masks, a band being what `dilation`
 * erosions by 3×3 take away; outside the image is background. `dilation` below 1 is a fraction of the image's diagonal
 * (at least one pixel, rounded half to even as by the authors), else a number of pixels. 0 where exactly one mask is
 * empty. The aggregate `dataset` is that of intersections and unions summed over all samples.
 */
export const boundaryIou = defineLoss({
  id: 'boundary-iou',
  family: 'mask',
  better: betterIn,
  summary: 'Intersection over union of the boundary bands of masks',
  formula: '|band(pred) and band(target)| / |band(pred) or band(target)|, band(m) = m without m eroded by d pixels',
  range: '0 to 1; 1 for identical masks',
  use: 'Large objects, whose iou hides bad contours (LVIS, Cityscapes instances).',
  reference:
    'Cheng, Girshick, Dollár, Berg, Kirillov 2021, Boundary IoU: improving object-centric image segmentation evaluation, equation 2 and the released code',
  undefinedWhen: 'both masks are empty, or no pixel is valid',
  inputs: maskInputs,
  optionalInputs: {ignore: 'labels'},
  objective: objectiveIn,
  options: z.strictObject({
    ...maskOptions,
    ...backgroundOption,
    ...formOption,
    dilation: z
      .number()
      .positive()
      .refine((value) => value < 1 || Number.isInteger(value), 'expected a fraction below 1 or whole pixels')
      .default(0.02)
      .describe('width of the bands: below 1 a fraction of the diagonal, else pixels'),
  }),
  create: (options, context) =>
    classMaskLoss(context, {
      options,
      better: betterIn(options),
      counts: COUNTS,
      cells(pair) {
        const {intersection, union} = bandOverlap(pair, bandWidth(options.dilation, pair.diagonal));
        return {'': inForm(intersection / union, options), intersection, union};
      },
    }),
  aggregate: (columns, options) => ({
    ...classMaskAggregate(columns, COUNTS, ({intersection, union}) => inForm(intersection / union, options)),
  }),
});

function bandWidth(dilation: number, diagonal: number): number {
  return dilation < 1 ? Math.max(1, roundHalfEven(dilation * diagonal)) : dilation;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}

/** Pixels of both bands, and of either. */
function bandOverlap({pred, target, height, width}: MaskPair, radius: number) {
  const innerPred = erodeBySquare(pred, height, width, radius);
  const innerTarget = erodeBySquare(target, height, width, radius);
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < pred.length; i++) {
    const inPred = pred[i] && !innerPred[i];
    const inTarget = target[i] && !innerTarget[i];
    if (inPred && inTarget) intersection++;
    if (inPred || inTarget) union++;
  }
  return {intersection, union};
}
