import * as z from 'zod';
import {defineDatasetLoss} from '../dataset-contract.js';
import {adversarialLoss} from './adversarial-loss.js';

/**
 * Hinge GAN: discriminator mean max(0, 1 − s_r) + mean max(0, 1 + s_f), generator −mean s_f, of raw scores.
 *
 * Source: Lim and Ye, Geometric GAN, 2017; Miyato et al., Spectral normalization, ICLR 2018, equations 16 and 17.
 */
export const hingeGan = defineDatasetLoss({
  id: 'hinge-gan',
  family: 'adversarial',
  scope: 'dataset',
  task: 'adversarial',
  better: 'lower',
  summary: 'The hinge objectives of a GAN, from raw scores of real and generated items',
  formula: 'discriminator: mean max(0, 1 - s_r) + mean max(0, 1 + s_f); generator: -mean s_f',
  range: 'discriminator: from 0, 2 where it is blind; generator: any number',
  unit: 'scores',
  use: 'SAGAN, BigGAN and their followers.',
  reference: 'Lim and Ye 2017; Miyato et al., ICLR 2018, equations 16 and 17',
  undefinedWhen: 'never; generator is n/a for real items',
  options: z.strictObject({}),
  create: (_options, {tf}) =>
    adversarialLoss(
      {
        loss: 'hinge-gan',
        judge: 'discriminator',
        rawOnly: true,
        real: {of: (score) => Math.max(0, 1 - score), tensor: (scores) => tf.relu(tf.sub(1, scores))},
        fake: {of: (score) => Math.max(0, 1 + score), tensor: (scores) => tf.relu(tf.add(1, scores))},
        generator: {of: (score) => 0 - score, tensor: (scores) => tf.neg(scores)},
        threshold: () => 0,
      },
      tf,
    ),
});
