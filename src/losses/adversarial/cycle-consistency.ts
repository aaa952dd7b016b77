import type {Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type {Cell} from '../../rows/row.js';
import {sumOf} from '../../statistics/sum.js';
import {defineLoss, type LossColumns, type LossContext, type LossInstance} from '../contract.js';
import type {SampleViews} from '../sample-contract.js';
import {sumPerSample, tensorLoss} from '../tensor-loss.js';
import {toView, viewOptions} from '../view-options.js';

const SETS = ['a', 'b'] as const;

/** What is compared with the real image of a set, by column part. */
const PARTS = {cycle: 'rec', identity: 'same'} as const;

type Part = keyof typeof PARTS;

const options = z.strictObject({
  lambda: z.number().min(0).default(10).describe('weight of the cycle'),
  identity_weight: z.number().min(0).default(0.5).describe('weight of the identity, in units of lambda'),
  norm: z.enum(['l1', 'l2']).default('l1').describe('l1: mean absolute difference; l2: mean squared difference'),
  color: viewOptions.color,
  range: viewOptions.range.default([-1, 1]),
  crop_border: viewOptions.crop_border,
});

type Options = z.output<typeof options>;

/**
 * Cycle consistency of two generators G: A → B and F: B → A, and their identity term, from ready images.
 *
 * λ·(mean‖F(G(a)) − a‖ + mean‖G(F(b)) − b‖) + w·λ·(mean‖F(a) − a‖ + mean‖G(b) − b‖), each mean over its own set; w = ½.
 * Images `[h, w, c]` in `range`, [−1, 1] as the generators of the paper give them. A row of set a holds λ·‖rec_a − real_a‖
 * in `cycle` and w·λ·‖same_a − real_a‖ in `identity`; a row of set b likewise.
 *
 * Source: Zhu, Park, Isola and Efros, Unpaired image-to-image translation using cycle-consistent adversarial networks,
 * ICCV 2017, equation 2 and section 5.2 (identity).
 */
export const cycleConsistency = defineLoss({
  id: 'cycle-consistency',
  family: 'adversarial',
  better: 'lower',
  summary: 'What is lost on the way to the other domain and back, and the identity term',
  formula: 'λ·(mean|rec_a − a| + mean|rec_b − b|) + w·λ·(mean|same_a − a| + mean|same_b − b|)',
  range: 'from 0, which perfect reconstructions have',
  unit: 'pixel values, times lambda',
  use: 'CycleGAN and its like, where no paired truth exists: what is lost on the way there and back. A generator that changes nothing has 0, so look at the images, too.',
  reference: 'Zhu, Park, Isola and Efros, ICCV 2017, equation 2 and section 5.2',
  undefinedWhen: 'never',
  task: 'cycle',
  inputs: {real_a: 'pixels', rec_a: 'pixels', real_b: 'pixels', rec_b: 'pixels'},
  optionalInputs: {same_a: 'pixels', same_b: 'pixels'},
  options,
  objective: 'none',
  create: cycleLoss,
  aggregate: sumOfSets,
});

function cycleLoss(options: Options, context: LossContext): LossInstance {
  const {tf} = context;
  const factor = {cycle: options.lambda, identity: options.lambda * options.identity_weight};
  const power = options.norm === 'l1' ? Math.abs : (difference: number) => difference * difference;
  const parts = Object.keys(PARTS) as Part[];
  const instance = tensorLoss(context, {
    columns: parts.map((part) => ({part, better: 'lower'})),
    view: toView(options),
    feed: (batch) => {
      const {real, made} = rolesOf(batch.samples[0] as SampleViews);
      const given = Object.entries(made).map(([part, role]) => [part, batch.tensor(role)]);
      return {real: batch.tensor(real), ...Object.fromEntries(given)};
    },
    forward: ({real, ...made}) => {
      const mean = (image: Tensor4D): Tensor1D => {
        const difference = tf.sub(image, real as Tensor4D);
        const errors = options.norm === 'l1' ? tf.abs(difference) : tf.square(difference);
        return tf.div(sumPerSample(tf, errors), errors.size / errors.shape[0]);
      };
      return Object.fromEntries(
        Object.entries(made).map(([part, image]) => [part, tf.mul(mean(image as Tensor4D), factor[part as Part])]),
      );
    },
  });
  return {
    ...instance,
    async perSample(batch) {
      const absent = parts.map((part) => [part, batch.samples.map((): Cell => 'n/a')]);
      return {...Object.fromEntries(absent), ...(await instance.perSample(batch))};
    },
    fused(sample) {
      const {real, made} = rolesOf(sample);
      const cellOf = (part: Part): Cell => {
        const role = made[part];
        return role === undefined ? 'n/a' : factor[part] * meanError(sample, role, real, power);
      };
      return {cycle: cellOf('cycle'), identity: cellOf('identity')};
    },
  };
}

/** The roles of a sample's set: its real image and what is compared with that, by part. */
function rolesOf(sample: SampleViews): {real: string; made: Partial<Record<Part, string>>} {
  const set = SETS.find((name) => sample.has(`real_${name}`)) ?? 'a';
  const made = Object.entries(PARTS).map(([part, prefix]) => [part, `${prefix}_${set}`] as const);
  return {real: `real_${set}`, made: Object.fromEntries(made.filter(([, role]) => sample.has(role)))};
}

function meanError(sample: SampleViews, made: string, real: string, power: (difference: number) => number): number {
  const x = sample.view(made);
  const y = sample.view(real);
  let sum = 0;
  for (let i = 0; i < x.data.length; i++) {
    const difference = (x.data[i] as number) * x.scale + x.offset - ((y.data[i] as number) * y.scale + y.offset);
    sum += power(difference);
  }
  return sum / x.data.length;
}

/** The loss over both sets: `value`, and the mean of every part and set beside it. */
function sumOfSets(columns: LossColumns): Readonly<Record<string, unknown>> {
  const means: Record<string, number | null> = {};
  for (const part of Object.keys(PARTS)) {
    for (const set of SETS) means[`${part}_${set}`] = meanOf(columns, part, set);
  }
  const {cycle_a, cycle_b, ...identity} = means;
  const whole = cycle_a != null && cycle_b != null;
  const given = Object.values(identity).filter((mean) => mean !== null);
  return {...means, value: whole ? cycle_a + cycle_b + given.reduce((sum, mean) => sum + mean, 0) : null};
}

/** The mean of a part over one set; null where the set has none. */
function meanOf(columns: LossColumns, part: string, set: string): number | null {
  const keys = columns.keys(part);
  const values = columns.numbers(part).filter((_, row) => keys[row]?.startsWith(`${set}/`));
  return values.length === 0 ? null : sumOf(values.length, (row) => values[row] as number) / values.length;
}
