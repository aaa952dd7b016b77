import * as z from 'zod';
import {defineDatasetLoss} from '../dataset-contract.js';
import {normalizeOption, recallOption, tuplesOption} from './options.js';
import {softmaxLoss} from './softmax-loss.js';

/**
 * N-pair loss: ln(1 + Σ_n e^{s_an − s_ap}), the mean over anchors and positives, s the dot product, against all of the
 * dataset's negatives and never those of a batch. Rows and feeds as in `softmaxLoss`.
 *
 * Source: Sohn, Improved deep metric learning with multi-class N-pair loss objective, NIPS 2016, equation 6.
 */
export const nPair = defineDatasetLoss({
  id: 'n-pair',
  family: 'embedding',
  scope: 'dataset',
  task: 'embedding',
  better: 'lower',
  summary: 'N-pair loss: a positive against all negatives of the dataset, by dot product',
  formula: 'ln(1 + sum_n exp(s_an - s_ap)), s = x . y',
  range: 'from 0',
  unit: 'nats',
  use: 'Training with one positive and many negatives, by dot products of vectors that are not normalised.',
  reference: 'Sohn, NIPS 2016, equation 6',
  undefinedWhen: 'never; the row of an anchor without a positive is n/a',
  options: z.strictObject({
    normalize: normalizeOption.normalize.default(false),
    ...tuplesOption,
    ...recallOption,
  }),
  create: ({normalize, ...options}, {tf}) => softmaxLoss({loss: 'n-pair', normalize, temperature: 1}, options, tf),
});
