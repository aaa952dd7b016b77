import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, type Form, formOption, inForm, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {agreementOf, dot, occupied} from './agreement.js';
import type {ClassCounts} from './class-counts.js';
import {type CountScore, countAggregate, countLoss} from './count-loss.js';
import {maskInputs, maskOptions} from './mask-options.js';

/**
 * Matthews correlation coefficient, of several classes Gorodkin's R_K: with s pixels, c of them right, p_k predicted as
 * class k and t_k of it, (c·s − Σ p_k·t_k) / √((s² − Σ p_k²)·(s² − Σ t_k²)); of two classes
 * (tp·tn − fp·fn) / √((tp + fp)(tp + fn)(tn + fp)(tn + fn)). −1 to 1, 0 for chance.
 */
export const mcc = defineLoss({
  id: 'mcc',
  family: 'mask',
  better: betterIn,
  summary: 'Matthews correlation coefficient of two masks, of several classes R_K',
  formula: '(c s - sum(p t)) / sqrt((s^2 - sum(p^2)) (s^2 - sum(t^2))); binary: correlation of the two masks',
  range: '-1 to 1; 1 for identical masks, 0 for chance',
  use: 'Unbalanced masks, where all four counts should matter; unlike dice it sees true negatives.',
  reference:
    'Matthews 1975; Gorodkin 2004, "Comparing two K-category assignments by a K-category correlation coefficient"',
  undefinedWhen:
    'prediction or target has only one class (an empty or a full mask), or no pixel is valid or has a weight',
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
    overall: (counts) => inForm(correlation(counts), options),
    reason: 'prediction or target has only one class',
  };
}

function correlation(counts: ClassCounts): number {
  const {right, pixels, predicted, target} = agreementOf(counts);
  if (occupied(predicted) < 2 || occupied(target) < 2) return Number.NaN;
  const spread = (of: readonly number[]) =>
    dot(
      of,
      of.map((count) => pixels - count),
    );
  return (right * pixels - dot(predicted, target)) / Math.sqrt(spread(predicted)) / Math.sqrt(spread(target));
}
