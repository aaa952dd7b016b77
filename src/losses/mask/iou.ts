import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {betterIn, formOption, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {maskInputs} from './mask-options.js';
import {IOU} from './overlap.js';
import {overlapAggregate, overlapLoss, overlapOptions, overlapScore} from './overlap-loss.js';

/**
 * Intersection over union (Jaccard index) of two masks: tp / (tp + fp + fn). Soft: (Σ p·y + s) / (Σ p + Σ y − Σ p·y + s).
 * Of several classes the mean, see `overlapLoss`. The aggregate `dataset` is that of the counts summed over all
 * samples: the mIoU of the benchmarks; `frequency_weighted` their fwIoU, each class by its share of the target pixels.
 */
export const iou = defineLoss({
  id: 'iou',
  family: 'mask',
  better: betterIn,
  summary: 'Intersection over union (Jaccard index) of two masks; the loss with form: loss',
  formula: 'tp / (tp + fp + fn); soft: (sum(p y) + s) / (sum(p) + sum(y) - sum(p y) + s); mean over classes',
  range: '0 to 1; 1 for identical masks',
  use: 'Overlap in scene segmentation. Its `dataset` is the mIoU of VOC and Cityscapes, from counts summed over all images; the mean over images weighs small ones as large ones.',
  reference: 'Jaccard 1912; Everingham et al. 2015, "The Pascal Visual Object Classes Challenge: A Retrospective"',
  undefinedWhen:
    'nothing is predicted and nothing is in the target (hard), or no pixel is valid or has a weight; 0 when just one of them is empty',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options: z.strictObject({...overlapOptions, ...formOption}),
  create: (options, context) => overlapLoss(context, options, overlapScore(options.form, IOU)),
  aggregate: (columns, options) => {
    const aggregate = overlapAggregate(columns, options, overlapScore(options.form, IOU));
    const {weighted} = aggregate;
    return {...aggregate, ...(weighted !== undefined && {frequency_weighted: weighted})};
  },
});
