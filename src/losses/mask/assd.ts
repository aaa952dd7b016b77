import * as z from 'zod';
import {sumOf} from '../../statistics/sum.js';
import {defineLoss} from '../contract.js';
import {classMaskLoss} from './class-mask-loss.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';
import {spacingOption, surfaceDistances} from './surface-distances.js';

/**
 * Average symmetric surface distance: the mean of the distances from every surface pixel of either mask to the other
 * surface, both directions pooled. Surfaces and distances as in `hausdorff`. Infinite where exactly one mask is empty.
 */
export const assd = defineLoss({
  id: 'assd',
  family: 'mask',
  better: 'lower',
  summary: 'Average symmetric surface distance between masks',
  formula: '(sum d(surface of pred, target) + sum d(surface of target, pred)) / (number of both surfaces pixels)',
  range: 'from 0, which identical masks have; infinite where one mask is empty',
  unit: 'pixels, or the unit of spacing',
  use: 'The mean error of a contour, in medical segmentation: less nervous than hausdorff.',
  reference: 'Heimann et al. 2009, Comparison and evaluation of methods for liver segmentation from CT datasets',
  undefinedWhen: 'both masks are empty, or no pixel is valid; infinite where exactly one mask is empty',
  inputs: maskInputs,
  optionalInputs: {ignore: 'labels'},
  objective: 'itself',
  options: z.strictObject({...maskOptions, ...backgroundOption, ...spacingOption}),
  create: (options, context) =>
    classMaskLoss(context, {
      options,
      better: 'lower',
      cells(pair) {
        if (pair.predEmpty || pair.targetEmpty) return {'': Infinity};
        const {fromPred, fromTarget} = surfaceDistances(pair, options);
        return {'': (sum(fromPred) + sum(fromTarget)) / (fromPred.length + fromTarget.length)};
      },
    }),
});

function sum(values: Float64Array): number {
  return sumOf(values.length, (i) => values[i] as number);
}
