import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, formOption, inForm, objectiveIn} from '../form.js';
import {classMaskLoss} from './class-mask-loss.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';
import {spacingOption, surfaceDistances} from './surface-distances.js';

/** How much rounding of distances in units of `spacing` may add to them, relative. */
const ROUNDING = 1e-12;

/**
 * Surface dice, or normalised surface distance: the share of the pixels of both surfaces that lie within `tolerance`
 * of the other surface. Surfaces and distances as in `hausdorff`, a surface pixel counts as one whatever its
 * neighbourhood. 0 where exactly one mask is empty.
 */
export const surfaceDice = defineLoss({
  id: 'surface-dice',
  family: 'mask',
  better: betterIn,
  summary: 'Surface dice (normalised surface distance) at a tolerance',
  formula: '(#{surface of pred: d <= tolerance} + #{surface of target: d <= tolerance}) / (#both surfaces)',
  range: '0 to 1; 1 where all of both contours is within the tolerance',
  use: 'How much of a contour needs no correction by hand, at the tolerance that an expert would let pass.',
  reference:
    'Nikolov et al. 2021, Clinically applicable segmentation of head and neck anatomy for radiotherapy; surface pixels counted as in MONAI',
  undefinedWhen: 'both masks are empty, or no pixel is valid',
  inputs: maskInputs,
  optionalInputs: {ignore: 'labels'},
  objective: objectiveIn,
  options: z.strictObject({
    ...maskOptions,
    ...backgroundOption,
    ...formOption,
    tolerance: z.number().min(0).default(1).describe('largest distance that counts as agreement, in units of spacing'),
    ...spacingOption,
  }),
  create: (options, context) =>
    classMaskLoss(context, {
      options,
      better: betterIn(options),
      cells(pair) {
        if (pair.predEmpty || pair.targetEmpty) return {'': inForm(0, options)};
        const {fromPred, fromTarget} = surfaceDistances(pair, options);
        const limit = options.tolerance * (1 + ROUNDING);
        const within = countWithin(fromPred, limit) + countWithin(fromTarget, limit);
        return {'': inForm(within / (fromPred.length + fromTarget.length), options)};
      },
    }),
});

function countWithin(distances: Float64Array, limit: number): number {
  return distances.reduce((count, distance) => (distance <= limit ? count + 1 : count), 0);
}
