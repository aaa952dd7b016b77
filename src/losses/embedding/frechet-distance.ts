import {defineDatasetLoss} from '../dataset-contract.js';
import {frechetOptions, frechetProgram} from './frechet-program.js';
import {gaussianDistance} from './gaussian-distance.js';
import {twoSets} from './two-sets.js';

/**
 * Fréchet distance between two sets of embeddings, each taken as normally distributed: FID where the embedder is FID's.
 *
 * |μ_r − μ_f|² + tr(Σ_r + Σ_f − 2(Σ_rΣ_f)^½), covariances with n − 1. One row, `sets`, with the value and its two terms
 * `mean` and `covariance`. Program: feeds `real` `[n, d]`, `fake` `[m, d]`.
 *
 * Source: Heusel et al., GANs trained by a two time-scale update rule converge to a local Nash equilibrium, NIPS 2017,
 * equation 6.
 */
export const frechetDistance = defineDatasetLoss({
  id: 'frechet-distance',
  family: 'embedding',
  scope: 'dataset',
  task: 'embedding',
  better: 'lower',
  summary: "Fréchet distance between two sets of embeddings (FID where the embedder is FID's)",
  formula: '|m_r - m_f|^2 + tr(S_r + S_f - 2 (S_r S_f)^(1/2)), covariances with n - 1',
  range: 'from 0, which sets of equal mean and covariance have',
  unit: 'squared distance',
  use: "FID's formula, of whichever vectors you give. It depends on the number of samples: compare sets of the same size, of thousands; with fewer than the vector has dimensions take kernel-distance.",
  reference: 'Dowson and Landau 1982; Heusel et al., NIPS 2017, equation 6',
  undefinedWhen: 'never',
  options: frechetOptions,
  create: ({normalize}, {tf}) => ({
    program: frechetProgram(tf, {normalize}),
    columns: [
      {part: '', better: 'lower'},
      {part: 'mean', better: 'lower'},
      {part: 'covariance', better: 'lower'},
    ],
    async check(dataset) {
      twoSets(dataset, 'frechet-distance', normalize);
    },
    async *rows(dataset) {
      const {real, fake} = twoSets(dataset, 'frechet-distance', normalize);
      const {mean, covariance} = await gaussianDistance(real, fake);
      yield {key: 'sets', cells: {'': mean + covariance, mean, covariance}};
    },
    async aggregate(_columns, dataset) {
      const {real, fake} = twoSets(dataset, 'frechet-distance', normalize);
      return {'': {real: real.count, fake: fake.count}};
    },
  }),
});
