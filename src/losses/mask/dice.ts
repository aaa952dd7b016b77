import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, formOption, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {maskInputs} from './mask-options.js';
import {DICE} from './overlap.js';
import {overlapAggregate, overlapLoss, overlapOptions, overlapScore} from './overlap-loss.js';

/**
 * Dice coefficient of two masks: 2·tp / (2·tp + fp + fn). Soft: (2·Σ p·y + s) / (Σ p + Σ y + s). Of several classes
 * the mean, see `overlapLoss`. The aggregate `dataset` is the value of the counts summed over all samples.
 */
export const dice = defineLoss({
  id: 'dice',
  family: 'mask',
  better: betterIn,
  summary: 'Dice coefficient (F1) of two masks; the loss with form: loss',
  formula: '2 tp / (2 tp + fp + fn); soft: (2 sum(p y) + s) / (sum(p) + sum(y) + s); mean over classes',
  range: '0 to 1; 1 for identical masks',
  use: 'Overlap in medical segmentation. Of one image dice and iou rank masks alike; means over images do not. Small objects swing it, and shape does not count.',
  reference: 'Dice 1945; Milletari et al. 2016, "V-Net"',
  undefinedWhen:
    'nothing is predicted and nothing is in the target (hard), or no pixel is valid or has a weight; 0 when just one of them is empty',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options: z.strictObject({...overlapOptions, ...formOption}),
  create: (options, context) => overlapLoss(context, options, overlapScore(options.form, DICE)),
  aggregate: (columns, options) => ({...overlapAggregate(columns, options, overlapScore(options.form, DICE))}),
});
