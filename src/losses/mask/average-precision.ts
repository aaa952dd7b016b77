import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {binsOption} from './level-columns.js';
import {averagePrecisionOf} from './levels.js';
import {backgroundOption, maskInputs} from './mask-options.js';
import {probabilityOptions} from './probability-options.js';
import {rankingAggregate, rankingLoss} from './ranking-loss.js';

/**
 * Average precision of a sample's pixels, exact: the area under the steps of the precision-recall curve, equal
 * probabilities being one step. Of several classes each against all others, see `rankingLoss`. The aggregate `dataset`
 * needs the pixels of all samples by probability: it is there with `bins`.
 */
export const averagePrecision = defineLoss({
  id: 'average-precision',
  family: 'mask',
  better: 'higher',
  summary: 'Average precision: area under the precision-recall steps of the pixels',
  formula: 'sum((R_n - R_{n-1}) P_n) over thresholds from high to low; mean over classes, one against the rest',
  range: "0 to 1; chance gives the foreground's share",
  use: 'Ranking of pixels where foreground is rare: cracks, vessels, anomalies.',
  reference: 'Salton & McGill 1983; sklearn.metrics.average_precision_score',
  undefinedWhen: 'the target has no foreground, or no pixel is valid or has a weight',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: 'one-minus',
  options: z.strictObject({...probabilityOptions, ...backgroundOption, ...binsOption}),
  create: (options, context) => rankingLoss(context, options, {of: averagePrecisionOf}),
  aggregate: (columns, options) => rankingAggregate(columns, options, {of: averagePrecisionOf}),
});
