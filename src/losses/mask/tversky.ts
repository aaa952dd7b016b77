import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, formOption, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {maskInputs} from './mask-options.js';
import {overlapAggregate, overlapLoss, overlapOptions, overlapScore} from './overlap-loss.js';

/** The options that weigh the two kinds of error, as a config writes them. */
export const tverskyOptions = {
  alpha: z.number().min(0).default(0.3).describe('weight of false positives'),
  beta: z.number().min(0).default(0.7).describe('weight of false negatives'),
};

/**
 * Tversky index of two masks: tp / (tp + α·fp + β·fn), an overlap that can punish misses more than false alarms.
 * Soft: the same of the sums Σ p·y, Σ p·(1 − y), Σ (1 − p)·y, with s added to both. α = β = ½ is Dice, α = β = 1 IoU.
 */
export const tversky = defineLoss({
  id: 'tversky',
  family: 'mask',
  better: betterIn,
  summary: 'Tversky index: overlap that weighs false positives and false negatives; the loss with form: loss',
  formula: 'tp / (tp + alpha fp + beta fn); soft: of sums of probabilities, + s above and below; mean over classes',
  range: '0 to 1; 1 for identical masks',
  use: 'Where a missed pixel costs more than a false one (beta above alpha), as with lesions. alpha = beta = 0.5 is dice, 1 is iou.',
  reference: 'Tversky 1977; Salehi et al. 2017, "Tversky loss function for image segmentation"',
  undefinedWhen:
    'nothing is predicted and nothing is in the target (hard), or no pixel is valid or has a weight; 0 when just one of them is empty',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options: z.strictObject({...overlapOptions, ...tverskyOptions, ...formOption}),
  create: (options, context) => overlapLoss(context, options, scoreOf(options)),
  aggregate: (columns, options) => ({...overlapAggregate(columns, options, scoreOf(options))}),
});

function scoreOf({alpha, beta, form}: {alpha: number; beta: number; form: 'metric' | 'loss'}) {
  return overlapScore(form, {tp: 1, fp: alpha, fn: beta});
}
