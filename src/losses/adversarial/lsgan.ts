import * as z from 'zod';
import type {TensorLibrary} from '../contract.js';
import {defineDatasetLoss} from '../dataset-contract.js';
import {adversarialLoss, type ScoreTerm} from './adversarial-loss.js';

/**
 * Least squares GAN: discriminator ½·mean (s_r − b)² + ½·mean (s_f − a)², generator ½·mean (s_f − c)², of scores as they
 * are, without a sigmoid. A score counts as told rightly where it is nearer to its own label; with a ≥ b none is counted.
 *
 * Source: Mao et al., Least squares generative adversarial networks, ICCV 2017, equation 2 and section 3.3.
 */
export const lsgan = defineDatasetLoss({
  id: 'lsgan',
  family: 'adversarial',
  scope: 'dataset',
  task: 'adversarial',
  better: 'lower',
  summary: 'The least squares objectives of a GAN, from scores of real and generated items',
  formula: 'discriminator: mean (s_r - b)^2 / 2 + mean (s_f - a)^2 / 2; generator: mean (s_f - c)^2 / 2',
  range: 'from 0',
  unit: 'squared scores',
  use: 'LSGAN and CycleGAN, whose discriminators have no sigmoid.',
  reference: 'Mao et al., ICCV 2017, equation 2',
  undefinedWhen: 'never; generator is n/a for real items',
  options: z.strictObject({
    a: z.number().default(0).describe('label of fake items'),
    b: z.number().default(1).describe('label of real items'),
    c: z.number().default(1).describe('label that the generator wants for fake items'),
  }),
  create: ({a, b, c}, {tf}) =>
    adversarialLoss(
      {
        loss: 'lsgan',
        judge: 'discriminator',
        real: halfSquare(b, tf),
        fake: halfSquare(a, tf),
        generator: halfSquare(c, tf),
        threshold: () => (a < b ? (a + b) / 2 : undefined),
      },
      tf,
    ),
});

function halfSquare(label: number, tf: TensorLibrary): ScoreTerm {
  return {
    of: (score) => (score - label) ** 2 / 2,
    tensor: (scores) => tf.div(tf.square(tf.sub(scores, label)), 2),
  };
}
