import * as z from 'zod';
import {defineDatasetLoss} from '../dataset-contract.js';
import {normalizeOption, recallOption, tuplesOption} from './options.js';
import {softmaxLoss} from './softmax-loss.js';

/**
 * InfoNCE: −ln(e^{s_ap/τ} / (e^{s_ap/τ} + Σ_n e^{s_an/τ})), the mean over anchors and positives, s the cosine, against all
 * of the dataset's negatives and never those of a batch. Rows and feeds as in `softmaxLoss`.
 *
 * Source: van den Oord, Li and Vinyals, Representation learning with contrastive predictive coding, 2018, equation 4;
 * with the cosine and temperature of Wu, Xiong, Yu and Lin, CVPR 2018.
 */
export const infoNce = defineDatasetLoss({
  id: 'info-nce',
  family: 'embedding',
  scope: 'dataset',
  task: 'embedding',
  better: 'lower',
  summary: 'InfoNCE: a positive against all negatives of the dataset, by cosine over temperature',
  formula: '-ln(exp(s_ap / t) / (exp(s_ap / t) + sum_n exp(s_an / t))), s = cos',
  range: 'from 0; ln of 1 + negatives for chance',
  unit: 'nats',
  use: 'Contrastive pretraining (SimCLR, CLIP): the temperature must be that of the training.',
  reference: 'van den Oord, Li and Vinyals 2018, equation 4; Wu, Xiong, Yu and Lin, CVPR 2018',
  undefinedWhen: 'never; the row of an anchor without a positive is n/a',
  options: z.strictObject({
    temperature: z.number().positive().default(0.07).describe('divides the similarities'),
    ...normalizeOption,
    ...tuplesOption,
    ...recallOption,
  }),
  create: ({temperature, normalize, ...options}, {tf}) =>
    softmaxLoss({loss: 'info-nce', normalize, temperature}, options, tf),
});
