import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, type Form, formOption, inForm, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {type CountScore, countAggregate, countLoss} from './count-loss.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';

/** Precision (positive predictive value): the part of what is predicted that is right, tp / (tp + fp). */
export const precision = defineLoss({
  id: 'precision',
  family: 'mask',
  better: betterIn,
  summary: 'Precision: the part of the predicted pixels that is right',
  formula: 'tp / (tp + fp); mean over classes',
  range: '0 to 1; 1 where nothing false is predicted',
  use: 'How much of what is marked is right; read it with recall.',
  reference: 'van Rijsbergen 1979, "Information Retrieval"; sklearn.metrics.precision_score',
  undefinedWhen: 'nothing is predicted as the class (of several, such a class is left out of the mean)',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options: z.strictObject({...maskOptions, ...backgroundOption, ...formOption}),
  create: (options, context) => countLoss(context, options, scoreOf(options)),
  aggregate: (columns, options) => ({...countAggregate(columns, scoreOf(options))}),
});

function scoreOf(options: {form: Form}): CountScore {
  return {
    better: betterIn(options),
    binary: ['tp', 'fp', 'fn'],
    ofClass: ({tp, fp}) => inForm(tp / (tp + fp), options),
    reason: 'no pixel is predicted',
  };
}
