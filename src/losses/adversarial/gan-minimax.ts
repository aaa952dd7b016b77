import * as z from 'zod';
import {defineDatasetLoss} from '../dataset-contract.js';
import {adversarialLoss} from './adversarial-loss.js';
import {discriminatorTerms, evenOdds, labelSmoothingOption, minusLogFake} from './log-probability.js';

/**
 * The minimax objective: discriminator −mean ln D(r) − mean ln(1 − D(f)), generator mean ln(1 − D(f)), which is at most
 * 0 and saturates. D is σ(score), or the score under `input: probabilities`.
 *
 * Source: Goodfellow et al., Generative adversarial nets, NIPS 2014, equation 1.
 */
export const ganMinimax = defineDatasetLoss({
  id: 'gan-minimax',
  family: 'adversarial',
  scope: 'dataset',
  task: 'adversarial',
  better: 'lower',
  summary: 'The minimax objectives of a GAN, from scores of real and generated items',
  formula: 'discriminator: -mean ln D(r) - mean ln(1 - D(f)); generator: mean ln(1 - D(f))',
  range: 'discriminator: from 0, 2 ln 2 = 1.386 where it is blind; generator: up to 0',
  unit: 'nats',
  use: 'To follow the game of training on fixed images. Between two checkpoints with other discriminators it does not say which images are better; frechet-distance does.',
  reference: 'Goodfellow et al., NIPS 2014, equation 1',
  undefinedWhen: 'never; generator is n/a for real items',
  options: z.strictObject(labelSmoothingOption),
  create: ({label_smoothing}, {tf}) =>
    adversarialLoss(
      {
        loss: 'gan-minimax',
        judge: 'discriminator',
        ...discriminatorTerms(label_smoothing, tf),
        generator: {
          of: (score, input) => -minusLogFake(score, input),
          tensor: (scores) => tf.neg(tf.softplus(scores)),
        },
        threshold: evenOdds,
      },
      tf,
    ),
});
