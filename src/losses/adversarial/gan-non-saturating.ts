import * as z from 'zod';
import {defineDatasetLoss} from '../dataset-contract.js';
import {adversarialLoss} from './adversarial-loss.js';
import {discriminatorTerms, evenOdds, labelSmoothingOption, minusLogReal} from './log-probability.js';

/**
 * The non-saturating objective: discriminator −mean ln D(r) − mean ln(1 − D(f)), generator −mean ln D(f). D is σ(score),
 * or the score under `input: probabilities`.
 *
 * Source: Goodfellow et al., Generative adversarial nets, NIPS 2014, section 3.
 */
export const ganNonSaturating = defineDatasetLoss({
  id: 'gan-non-saturating',
  family: 'adversarial',
  scope: 'dataset',
  task: 'adversarial',
  better: 'lower',
  summary: 'The non-saturating objectives of a GAN, from scores of real and generated items',
  formula: 'discriminator: -mean ln D(r) - mean ln(1 - D(f)); generator: -mean ln D(f)',
  range: 'discriminator: from 0, 2 ln 2 = 1.386 where it is blind; generator: from 0, ln 2 where it is',
  unit: 'nats',
  use: 'The objective that most GANs train with; otherwise as gan-minimax.',
  reference: 'Goodfellow et al., NIPS 2014, section 3',
  undefinedWhen: 'never; generator is n/a for real items',
  options: z.strictObject(labelSmoothingOption),
  create: ({label_smoothing}, {tf}) =>
    adversarialLoss(
      {
        loss: 'gan-non-saturating',
        judge: 'discriminator',
        ...discriminatorTerms(label_smoothing, tf),
        generator: {of: minusLogReal, tensor: (scores) => tf.softplus(tf.neg(scores))},
        threshold: evenOdds,
      },
      tf,
    ),
});
