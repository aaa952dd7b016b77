import * as z from 'zod';
import {defineDatasetLoss} from '../dataset-contract.js';
import {normalizeOption, recallOption, tuplesOption, verificationOption} from './options.js';
import {pairLoss} from './pair-loss.js';

/**
 * Contrastive loss of pairs: ½d² for a same pair, ½·max(0, margin − d)² for a different pair, d the Euclidean distance.
 * Rows and columns as in `pairLoss`. Program: feeds `first`, `second` `[m, d]`, and `same` `[m]` of 0 and 1.
 *
 * Source: Hadsell, Chopra and LeCun, Dimensionality reduction by learning an invariant mapping, CVPR 2006, equation 4.
 */
export const contrastive = defineDatasetLoss({
  id: 'contrastive',
  family: 'embedding',
  scope: 'dataset',
  task: 'embedding',
  better: 'lower',
  summary: 'Contrastive loss: same pairs together, different pairs a margin apart',
  formula: 'same: d^2 / 2; different: max(0, margin - d)^2 / 2; d = |x - y|',
  range: 'from 0, where pairs of the same lie together and others apart by the margin',
  unit: 'squared distance',
  use: 'Embeddings trained with pairs (siamese networks).',
  reference: 'Hadsell, Chopra and LeCun, CVPR 2006, equation 4',
  undefinedWhen: 'never',
  options: z.strictObject({
    margin: z.number().min(0).default(1).describe('distance that different pairs should have at least'),
    ...normalizeOption,
    ...tuplesOption,
    ...recallOption,
    ...verificationOption,
  }),
  create: ({margin, normalize, ...options}, {tf}) =>
    pairLoss(
      {
        loss: 'contrastive',
        space: {measure: 'l2', normalize},
        same: (distance) => distance ** 2 / 2,
        different: (distance) => Math.max(0, margin - distance) ** 2 / 2,
        sameTensor: (distances) => tf.div(tf.square(distances), 2),
        differentTensor: (distances) => tf.div(tf.square(tf.relu(tf.sub(margin, distances))), 2),
      },
      options,
      tf,
    ),
});
