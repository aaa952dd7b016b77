import * as z from 'zod';
import {ascending, quantile} from '../../statistics/quantile.js';
import {defineLoss} from '../contract.js';
import {classMaskLoss} from './class-mask-loss.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';
import {spacingOption, surfaceDistances} from './surface-distances.js';

/**
 * Hausdorff distance of the surfaces of two masks: the larger of the two directed percentiles of the distances from
 * one surface to the other, linearly interpolated; 100 is the Hausdorff distance itself, 95 is usual. A surface is a
 * mask's pixels with a side neighbour outside it, outside the image included. Exact Euclidean distances in units of
 * `spacing`. Infinite where exactly one mask is empty. Ignored pixels are background in both masks.
 */
export const hausdorff = defineLoss({
  id: 'hausdorff',
  family: 'mask',
  better: 'lower',
  summary: 'Hausdorff distance between the surfaces of masks, or a percentile of it',
  formula: 'max(P_q of d(surface of pred, target), P_q of d(surface of target, pred)), q = percentile',
  range: 'from 0, which identical masks have; infinite where one mask is empty',
  unit: 'pixels, or the unit of spacing',
  use: 'The worst error of a contour. One stray pixel decides it, so most papers report percentile 95.',
  reference:
    'Huttenlocher, Klanderman, Rucklidge 1993, Comparing images using the Hausdorff distance; percentile of each direction as in Maier-Hein et al. 2024, Metrics reloaded',
  undefinedWhen: 'both masks are empty, or no pixel is valid; infinite where exactly one mask is empty',
  inputs: maskInputs,
  optionalInputs: {ignore: 'labels'},
  objective: 'itself',
  options: z.strictObject({
    ...maskOptions,
    ...backgroundOption,
    percentile: z.number().gt(0).max(100).default(100).describe('of the distances each way, 100: the largest'),
    ...spacingOption,
  }),
  create: (options, context) =>
    classMaskLoss(context, {
      options,
      better: 'lower',
      cells(pair) {
        if (pair.predEmpty || pair.targetEmpty) return {'': Infinity};
        const {fromPred, fromTarget} = surfaceDistances(pair, options);
        const q = options.percentile / 100;
        return {'': Math.max(quantile(ascending(fromPred), q), quantile(ascending(fromTarget), q))};
      },
    }),
});
