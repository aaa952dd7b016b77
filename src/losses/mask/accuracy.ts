import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, type Form, formOption, inForm, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {allPixels} from './class-counts.js';
import {type CountScore, countAggregate, countLoss, meanOf, numberOrNull} from './count-loss.js';
import {maskInputs, maskOptions} from './mask-options.js';

/**
 * Pixel accuracy: the part of all valid pixels whose class is right, background among them. A class's column is the
 * accuracy on the pixels that the target has of it (its recall); the aggregate `class_mean` is their mean over the
 * dataset's counts, the benchmarks' mean class accuracy (mAcc).
 */
export const accuracy = defineLoss({
  id: 'accuracy',
  family: 'mask',
  better: betterIn,
  summary: 'Pixel accuracy: the part of all pixels whose class is right',
  formula: '(tp + tn) / pixels; of several classes sum(tp) / pixels',
  range: '0 to 1; 1 for identical masks',
  use: 'Only where classes are of similar size: with 99 % background an empty mask has 0.99.',
  reference: 'Long et al. 2015, "Fully Convolutional Networks for Semantic Segmentation", section 5',
  undefinedWhen: 'no pixel is valid or has a weight; a class column where the target has none of its pixels',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options: z.strictObject({...maskOptions, ...formOption}),
  create: (options, context) => countLoss(context, options, scoreOf(options)),
  aggregate: (columns, options) => {
    const aggregate = countAggregate(columns, scoreOf(options));
    const {weighted, per_class, ...rest} = aggregate;
    if (!per_class) return {...rest};
    // Weighted by pixels, the classes' accuracies give the accuracy itself.
    const known = Object.values(per_class).filter((value) => value !== null);
    return {...rest, per_class, class_mean: numberOrNull(meanOf(known))};
  },
});

function scoreOf(options: {form: Form}): CountScore {
  return {
    better: betterIn(options),
    binary: ['tp', 'fp', 'fn', 'tn'],
    ofClass: ({tp, fn}) => inForm(tp / (tp + fn), options),
    overall: (counts) => {
      const right = counts.classes.reduce((sum, {tp, tn}) => sum + tp + (counts.binary ? tn : 0), 0);
      return inForm(right / allPixels(counts), options);
    },
    ofWrong: (share) => inForm(1 - share, options),
    reason: 'no pixel in the target',
  };
}
