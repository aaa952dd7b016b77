import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, type Form, formOption, inForm, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {type CountScore, countAggregate, countLoss} from './count-loss.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';

/** Recall (sensitivity, true positive rate): the part of the target that is found, tp / (tp + fn). */
export const recall = defineLoss({
  id: 'recall',
  family: 'mask',
  better: betterIn,
  summary: "Recall (sensitivity): the part of the target's pixels that is found",
  formula: 'tp / (tp + fn); mean over classes',
  range: '0 to 1; 1 where nothing is missed',
  use: 'How much of the truth is found: screening, defects. Marking everything gives 1, so read it with precision.',
  reference: 'van Rijsbergen 1979, "Information Retrieval"; sklearn.metrics.recall_score',
  undefinedWhen: 'the target has no pixel of the class (of several, such a class is left out of the mean)',
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
    ofClass: ({tp, fn}) => inForm(tp / (tp + fn), options),
    reason: 'no pixel in the target',
  };
}
