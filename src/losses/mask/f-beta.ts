import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, type Form, formOption, inForm, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {type CountScore, countAggregate, countLoss} from './count-loss.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';
import {hardOverlap} from './overlap.js';

/**
 * F-beta: the weighted harmonic mean of precision and recall, recall counting β times as much:
 * (1 + β²)·tp / ((1 + β²)·tp + β²·fn + fp). β = 1 is Dice.
 */
export const fBeta = defineLoss({
  id: 'f-beta',
  family: 'mask',
  better: betterIn,
  summary: 'F-beta: precision and recall in one, recall counting beta times as much',
  formula: '(1 + beta^2) tp / ((1 + beta^2) tp + beta^2 fn + fp); mean over classes',
  range: '0 to 1; 1 for identical masks',
  use: 'One number of precision and recall where one matters more; beta 1 is dice.',
  reference: 'van Rijsbergen 1979, "Information Retrieval"; sklearn.metrics.fbeta_score',
  undefinedWhen: 'nothing is predicted and nothing is in the target; 0 when just one of them is empty',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options: z.strictObject({
    ...maskOptions,
    ...backgroundOption,
    beta: z.number().positive().default(1).describe('how much more recall counts than precision'),
    ...formOption,
  }),
  create: (options, context) => countLoss(context, options, scoreOf(options)),
  aggregate: (columns, options) => ({...countAggregate(columns, scoreOf(options))}),
});

function scoreOf({beta, ...options}: {beta: number; form: Form}): CountScore {
  const overlap = {tp: 1 + beta ** 2, fp: 1, fn: beta ** 2, smooth: 0};
  return {
    better: betterIn(options),
    binary: ['tp', 'fp', 'fn'],
    ofClass: (counts) => inForm(hardOverlap(counts, overlap), options),
    reason: 'both masks are empty',
  };
}
