import * as z from 'zod';
import {defineDatasetLoss, type ScoreSet} from '../dataset-contract.js';
import {adversarialLoss} from './adversarial-loss.js';
import {earthMoversDistance, type WeightedScores} from './earth-movers-distance.js';

/**
 * Wasserstein GAN: critic mean s_f − mean s_r, generator −mean s_f, of raw scores. The aggregate
 * `earth_movers_distance` is the exact one between the two sets of scores, every item of a set weighing the same and
 * every patch of an item.
 *
 * Source: Arjovsky, Chintala and Bottou, Wasserstein GAN, ICML 2017, algorithm 1.
 */
export const wgan = defineDatasetLoss({
  id: 'wgan',
  family: 'adversarial',
  scope: 'dataset',
  task: 'adversarial',
  better: 'lower',
  summary: "The objectives of a Wasserstein GAN, from a critic's scores of real and generated items",
  formula: 'critic: mean s_f - mean s_r; generator: -mean s_f',
  range: "any number; minus the critic's value estimates a distance",
  unit: 'scores',
  use: "Critics of Wasserstein GANs. Their scale is the critic's: compare values of one critic. The earth mover's distance of the scores stands beside it.",
  reference: 'Arjovsky, Chintala and Bottou, ICML 2017, algorithm 1',
  undefinedWhen: 'never; generator is n/a for real items',
  options: z.strictObject({}),
  create: (_options, {tf}) =>
    adversarialLoss(
      {
        loss: 'wgan',
        judge: 'critic',
        rawOnly: true,
        real: {of: (score) => 0 - score, tensor: (scores) => tf.neg(scores)},
        fake: {of: (score) => score, tensor: (scores) => scores},
        generator: {of: (score) => 0 - score, tensor: (scores) => tf.neg(scores)},
        aggregate: ({real, fake}) => ({earth_movers_distance: earthMoversDistance(weigh(real), weigh(fake))}),
      },
      tf,
    ),
});

function weigh({scores}: ScoreSet): WeightedScores {
  return scores.flatMap((patches) =>
    Array.from(patches, (score) => ({score, weight: 1 / patches.length / scores.length})),
  );
}
