import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {binsOption} from './level-columns.js';
import {areaUnderRoc} from './levels.js';
import {backgroundOption, maskInputs} from './mask-options.js';
import {probabilityOptions} from './probability-options.js';
import {rankingAggregate, rankingLoss} from './ranking-loss.js';

/**
 * Area under the ROC curve of a sample's pixels, exact: the part of all pairs of a pixel of the class and one outside it
 * that the probabilities order rightly, ties by half. Of several classes each against all others, see `rankingLoss`.
 * The aggregate `dataset` needs the pixels of all samples by probability: it is there with `bins`.
 */
export const auroc = defineLoss({
  id: 'auroc',
  family: 'mask',
  better: 'higher',
  summary: 'Area under the ROC curve of the pixels',
  formula:
    'P(p of a foreground pixel > p of a background pixel) + P(equal) / 2; mean over classes, one against the rest',
  range: '0 to 1; 0.5 for chance',
  use: 'Anomaly maps and saliency, without a threshold. With few foreground pixels take average-precision: background flatters the area under the ROC.',
  reference: 'Hanley & McNeil 1982; sklearn.metrics.roc_auc_score',
  undefinedWhen: 'the target has no foreground, or no background, or no pixel is valid or has a weight',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: 'one-minus',
  options: z.strictObject({...probabilityOptions, ...backgroundOption, ...binsOption}),
  create: (options, context) => rankingLoss(context, options, {of: areaUnderRoc}),
  aggregate: (columns, options) => rankingAggregate(columns, options, {of: areaUnderRoc}),
});
