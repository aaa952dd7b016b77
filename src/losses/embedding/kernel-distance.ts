import type {Tensor2D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type {TensorLibrary} from '../contract.js';
import {type DatasetLossInstance, type DatasetRow, defineDatasetLoss} from '../dataset-contract.js';
import {discrepancy, type PolynomialKernel} from './discrepancy.js';
import {normalizeOption} from './options.js';
import {rowsAt, SubsetSampler} from './subsets.js';
import {unitRows} from './tensor-distances.js';
import {type TwoSets, twoSets} from './two-sets.js';

const options = z.strictObject({
  subsets: z.int().min(1).default(100).describe('pairs of subsets drawn'),
  subset_size: z.int().min(2).default(1000).describe('items of each subset, at most those of the smaller set'),
  degree: z.int().min(1).default(3).describe('degree of the kernel'),
  gamma: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('factor on x·y; null is 1 over the number of dimensions'),
  coefficient: z.number().default(1).describe('constant of the kernel'),
  seed: z.int().min(0).default(0).describe('of the drawing'),
  normalize: normalizeOption.normalize.default(false),
});

type Options = z.output<typeof options>;

/**
 * Kernel distance between two sets of embeddings: KID where the embedder is KID's. The unbiased squared maximum mean
 * discrepancy under the kernel (x·y/d + 1)³, of random subsets of both sets, drawn without replacement.
 *
 * Rows are the pairs of subsets, `subset/000` …; the value is their mean. A value may be below 0. Where the subsets
 * hold both sets whole, all would be alike and there is one row. Program: feeds `real` `[n, d]`, `fake` `[m, d]`, whole.
 *
 * Source: Bińkowski, Sutherland, Arbel and Gretton, Demystifying MMD GANs, ICLR 2018, section 4 and equation 3.
 */
export const kernelDistance = defineDatasetLoss({
  id: 'kernel-distance',
  family: 'embedding',
  scope: 'dataset',
  task: 'embedding',
  better: 'lower',
  summary: "Kernel distance between two sets of embeddings (KID where the embedder is KID's)",
  formula: "mean of k(x, x') + mean of k(y, y') - 2 mean of k(x, y), k = (gamma x . y + coefficient)^degree",
  range: 'about 0 for equal distributions, also a little below',
  use: "KID's formula: unbiased, so it may be used with few samples; it comes with a standard deviation over subsets.",
  reference: 'Bińkowski, Sutherland, Arbel and Gretton, ICLR 2018; Gretton et al., JMLR 2012, equation 3',
  undefinedWhen: 'never',
  options,
  create: kernelLoss,
});

function kernelLoss(settings: Options, {tf}: {readonly tf: TensorLibrary}): DatasetLossInstance {
  const {normalize, gamma, coefficient, degree} = settings;
  const sets: (...args: Parameters<NonNullable<DatasetLossInstance['check']>>) => TwoSets = (dataset) =>
    twoSets(dataset, 'kernel-distance', normalize);
  return {
    columns: [{part: '', better: 'lower'}],
    async check(dataset) {
      sets(dataset);
    },
    rows: (dataset, signal) => subsetRows(sets(dataset), settings, signal),
    async aggregate(_columns, dataset) {
      const {real, fake} = sets(dataset);
      return {'': {real: real.count, fake: fake.count, subset_size: subsetSize(sets(dataset), settings)}};
    },
    program: ({real, fake}) => {
      const rows = (vectors: Tensor2D) => (normalize ? unitRows(tf, vectors) : vectors);
      const [x, y] = [rows(real as Tensor2D), rows(fake as Tensor2D)];
      const kernel = (a: Tensor2D, b: Tensor2D) => {
        const products = tf.mul(tf.matMul(a, b, false, true), gamma ?? 1 / (a.shape[1] as number));
        return tf.pow(tf.add(products, coefficient), degree);
      };
      const within = (a: Tensor2D) => {
        const count = a.shape[0];
        const others = tf.sub(1, tf.eye(count));
        return tf.div(tf.sum(tf.mul(kernel(a, a), others)), count * (count - 1));
      };
      return {'': tf.sub(tf.add(within(x), within(y)), tf.mul(2, tf.mean(kernel(x, y))))};
    },
  };
}

function subsetSize({real, fake}: TwoSets, {subset_size}: Options): number {
  return Math.min(subset_size, real.count, fake.count);
}

async function* subsetRows(sets: TwoSets, settings: Options, signal: AbortSignal): AsyncIterable<DatasetRow> {
  const {real, fake} = sets;
  const {gamma, coefficient, degree, seed} = settings;
  const kernel: PolynomialKernel = {gamma: gamma ?? 1 / real.dimensions, coefficient, degree};
  const size = subsetSize(sets, settings);
  const subsets = size === real.count && size === fake.count ? 1 : settings.subsets;
  const digits = Math.max(3, String(subsets - 1).length);
  const sampler = new SubsetSampler(seed);
  for (let subset = 0; subset < subsets; subset++) {
    const x = rowsAt(real, sampler.indices(real.count, size));
    const y = rowsAt(fake, sampler.indices(fake.count, size));
    yield {key: `subset/${String(subset).padStart(digits, '0')}`, cells: {'': discrepancy(x, y, kernel)}};
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
}
