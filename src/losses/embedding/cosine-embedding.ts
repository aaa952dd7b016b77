import * as z from 'zod';
import {defineDatasetLoss} from '../dataset-contract.js';
import {recallOption, tuplesOption, verificationOption} from './options.js';
import {pairLoss} from './pair-loss.js';

/**
 * Cosine embedding loss of pairs: 1 − cos for a same pair, max(0, cos − margin) for a different pair.
 * Rows and columns as in `pairLoss`. Program: feeds `first`, `second` `[m, d]`, and `same` `[m]` of 0 and 1.
 *
 * Source: torch.nn.CosineEmbeddingLoss.
 */
export const cosineEmbedding = defineDatasetLoss({
  id: 'cosine-embedding',
  family: 'embedding',
  scope: 'dataset',
  task: 'embedding',
  better: 'lower',
  summary: 'Cosine embedding loss: same pairs in one direction, different pairs not',
  formula: 'same: 1 - cos(x, y); different: max(0, cos(x, y) - margin)',
  range: '0 to 2',
  use: 'Pairs compared by angle alone, as with normalised text and image vectors.',
  reference: 'torch.nn.CosineEmbeddingLoss',
  undefinedWhen: 'never',
  options: z.strictObject({
    margin: z.number().min(-1).max(1).default(0).describe('cosine that different pairs may have'),
    ...tuplesOption,
    ...recallOption,
    ...verificationOption,
  }),
  create: ({margin, ...options}, {tf}) =>
    pairLoss(
      {
        loss: 'cosine-embedding',
        space: {measure: 'cosine', normalize: true},
        same: (distance) => distance,
        different: (distance) => Math.max(0, 1 - distance - margin),
        sameTensor: (distances) => distances,
        differentTensor: (distances) => tf.relu(tf.sub(1 - margin, distances)),
      },
      options,
      tf,
    ),
});
