import type {Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {defineLoss, type LossContext, type LossInstance, type TensorLibrary} from '../contract.js';
import {betterIn, type Form, formOption, inForm, objectiveIn} from '../form.js';
import {pixelWeightRoles} from '../view-options.js';
import {type Counts, targetPixels} from './class-counts.js';
import {type CountOptions, type CountScore, countAggregate, countLoss} from './count-loss.js';
import {maskInputs} from './mask-options.js';
import {DICE, hardOverlap, softDistance} from './overlap.js';
import {overlapOptions} from './overlap-loss.js';
import type {SoftCountTensors} from './soft-counts.js';
import {columnTensor, softLoss} from './soft-loss.js';

interface GeneralisedDiceOptions extends CountOptions {
  readonly mode: 'hard' | 'soft';
  readonly smooth: number;
  readonly background: boolean;
  readonly form: Form;
}

const BINARY = ['tp', 'fp', 'fn', 'tn'] as const;
const REASON = 'both masks are empty';

/**
 * Generalised Dice: (2·Σ_c w_c·tp_c + s) / (Σ_c w_c·(2·tp_c + fp_c + fn_c) + s), w_c = 1/n_c², n_c the target's pixels of
 * the class, so that small classes count as much as large ones. Background is a class of a binary run too, as in the
 * paper; `background: false` leaves the foreground, which is Dice. A class that the target lacks has the largest weight of
 * the classes it has (what the authors' NiftyNet and MONAI do), 1 when it has none of them. A class's column is its Dice.
 */
export const generalisedDice = defineLoss({
  id: 'generalised-dice',
  family: 'mask',
  better: betterIn,
  summary: 'Generalised Dice: all classes in one fraction, each by 1 / (its pixels)^2; the loss with form: loss',
  formula: '2 sum(w tp) / sum(w (2 tp + fp + fn)) over classes, w = 1 / (target pixels of the class)^2',
  range: '0 to 1; 1 for identical masks',
  use: 'Several classes of very different sizes in one number: rare ones count as much as frequent ones.',
  reference: 'Sudre et al. 2017, "Generalised Dice overlap as a deep learning loss function", equation 4',
  undefinedWhen:
    'no pixel is valid or has a weight; with background: false also when nothing is predicted and nothing is in the target',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: objectiveIn,
  options: z.strictObject({
    ...overlapOptions,
    background: z.boolean().default(true).describe('whether the background counts (class id 0; of a binary run, 0)'),
    smooth: z
      .number()
      .min(0)
      .default(0)
      .describe('soft: added to numerator and denominator; MONAI adds 1e-5, which is much beside 1 / n²'),
    ...formOption,
  }),
  create: (options, context) =>
    options.mode === 'hard' ? countLoss(context, options, scoreOf(options)) : softGeneralisedDice(context, options),
  aggregate: (columns, options) => ({...countAggregate(columns, scoreOf(options))}),
});

function scoreOf(options: GeneralisedDiceOptions): CountScore {
  const smooth = options.mode === 'hard' ? 0 : options.smooth;
  return {
    better: betterIn(options),
    binary: BINARY,
    ofClass: (counts) => inForm(hardOverlap(counts, {...DICE, smooth: 0}), options),
    overall: ({classes, binary}) =>
      inForm(1 - generalisedDistance(binary && options.background ? bothClasses(classes) : classes, smooth), options),
    reason: REASON,
  };
}

/** The background of a binary run beside its foreground. */
function bothClasses([foreground]: readonly Counts[]): Counts[] {
  if (!foreground) return [];
  const {tp, fp, fn, tn} = foreground;
  return [{tp: tn, fp: fn, fn: fp, tn: tp}, foreground];
}

/** One minus generalised Dice. Weights are taken by the smallest class, so that 1/n² does not shrink to nothing. */
function generalisedDistance(classes: readonly Counts[], smooth: number): number {
  const pixels = classes.map(targetPixels);
  const present = pixels.filter((count) => count > 0);
  const smallest = present.length > 0 ? Math.min(...present) : 1;
  const weights = pixels.map((count) => (count > 0 ? (smallest / count) ** 2 : 1));
  const sum = (of: (counts: Counts) => number) =>
    classes.reduce((total, counts, c) => total + (weights[c] as number) * of(counts), 0);
  const missed = sum(({fp, fn}) => fp + fn);
  return missed / (2 * sum(({tp}) => tp) + missed + smooth * smallest ** 2);
}

function softGeneralisedDice(context: LossContext, options: GeneralisedDiceOptions): LossInstance {
  const {tf, classes} = context;
  const {smooth, background, form} = options;
  const both = !classes && background;
  const dice = {...DICE, smooth: 0};
  return softLoss(context, options, {
    better: betterIn(options),
    binary: BINARY,
    classColumns: true,
    value: (counts) => ({
      mean: inForm(1 - generalisedDistance(both ? bothClasses(counts) : counts, smooth), {form}),
      classes: counts.map((of) => inForm(1 - softDistance(of, dice), {form})),
    }),
    tensors(counts) {
      const {tp, fp, fn} = counts;
      // The part that is asked for, so that it keeps its digits near 0.
      const [own, factor] = form === 'loss' ? [tf.add<Tensor2D>(fp, fn), 1] : [tp, 2];
      const ofClasses: Tensor2D = tf.div(tf.mul(own, factor), tf.add(tf.mul(tp, 2), tf.add(fp, fn)));
      return {
        mean: generalisedTensor(tf, both ? bothClassTensors(tf, counts) : counts, {smooth, form}),
        classes: (classes ?? []).map((_, c) => columnTensor(tf, ofClasses, c)),
      };
    },
    reason: REASON,
  });
}

function bothClassTensors(tf: TensorLibrary, counts: SoftCountTensors): SoftCountTensors {
  const {tp, fp, fn, tn, found, others, pixels} = counts;
  const beside = (background: Tensor2D, foreground: Tensor2D) => tf.concat([background, foreground], 1);
  return {
    tp: beside(tn, tp),
    fp: beside(fn, fp),
    fn: beside(fp, fn),
    tn: beside(tp, tn),
    found: beside(others, found),
    others: beside(found, others),
    pixels,
  };
}

/** Generalised Dice or one minus it as a tensor `[n]`. */
function generalisedTensor(
  tf: TensorLibrary,
  {tp, fp, fn, found}: SoftCountTensors,
  {smooth, form}: {readonly smooth: number; readonly form: Form},
): Tensor {
  const present = tf.greater(found, 0);
  const least = tf.min(tf.where(present, found, Infinity), 1, true);
  const smallest = tf.where(tf.less(least, Infinity), least, 1);
  const weights = tf.where(present, tf.square(tf.div(smallest, tf.where(present, found, 1))), 1);
  const sum = (x: Tensor2D): Tensor => tf.sum(tf.mul(weights, x), 1);
  const missed = sum(tf.add(fp, fn));
  const hit = tf.add(tf.mul(sum(tp), 2), tf.mul(tf.square(tf.reshape(smallest, [-1])), smooth));
  return tf.div(form === 'loss' ? missed : hit, tf.add(hit, missed));
}
