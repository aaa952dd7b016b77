import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, type Form, formOption, inForm, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {type CountScore, countAggregate, countLoss} from './count-loss.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';

/** Specificity (true negative rate): the part of what is not of the class that is not predicted as it, tn / (tn + fp). */
export const specificity = defineLoss({
  id: 'specificity',
  family: 'mask',
  better: betterIn,
  summary: 'Specificity: the part of the pixels outside the target that is left alone',
  formula: 'tn / (tn + fp); mean over classes',
  range: '0 to 1; 1 where nothing false is predicted',
  use: 'Medical reports, beside recall (sensitivity). With much background it is near 1 whatever happens; precision tells more.',
  reference: 'Yerushalmy 1947; torchmetrics.Specificity',
  undefinedWhen: 'every pixel of the target is of the class (of several, such a class is left out of the mean)',
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
    binary: ['tp', 'fp', 'fn', 'tn'],
    ofClass: ({tn, fp}) => inForm(tn / (tn + fp), options),
    reason: 'no other pixel in the target',
  };
}
