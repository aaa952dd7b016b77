import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, type Form, formOption, inForm, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {agreementOf, dot, occupied} from './agreement.js';
import type {ClassCounts} from './class-counts.js';
import {type CountScore, countAggregate, countLoss} from './count-loss.js';
import {maskInputs, maskOptions} from './mask-options.js';

/**
 * Cohen's kappa: agreement beyond chance, (p_o − p_e) / (1 − p_e), p_o the part of the pixels that is right and
 * p_e = Σ p_k·t_k / s² what chance would give. Every class counts, background too.
 */
export const kappa = defineLoss({
  id: 'kappa',
  family: 'mask',
  better: betterIn,
  summary: "Cohen's kappa: agreement of two masks beyond chance",
  formula: '(p_o - p_e) / (1 - p_e), p_e = sum(p t) / pixels^2',
  range: '-1 to 1; 1 for identical masks, 0 for chance',
  use: 'Agreement of two annotators, and land cover maps.',
  reference: 'Cohen 1960, "A Coefficient of Agreement for Nominal Scales"; sklearn.metrics.cohen_kappa_score',
  undefinedWhen: 'prediction and target are all of the same class, or no pixel is valid or has a weight',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options: z.strictObject({...maskOptions, ...formOption}),
  create: (options, context) => countLoss(context, options, scoreOf(options)),
  aggregate: (columns, options) => ({...countAggregate(columns, scoreOf(options))}),
});

function scoreOf(options: {form: Form}): CountScore {
  return {
    better: betterIn(options),
    binary: ['tp', 'fp', 'fn', 'tn'],
    overall: (counts) => inForm(beyondChance(counts), options),
    reason: 'prediction and target are all of the same class',
  };
}

function beyondChance(counts: ClassCounts): number {
  const {right, pixels, predicted, target} = agreementOf(counts);
  if (occupied(predicted) < 2 && occupied(target) < 2 && right > 0) return Number.NaN;
  const chance = dot(predicted, target);
  return (right * pixels - chance) / (pixels ** 2 - chance);
}
