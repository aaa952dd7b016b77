import type {Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type {Direction} from '../../rows/row.js';
import type {LossColumns, LossContext, LossInstance, TensorLibrary} from '../contract.js';
import {
  type CountAggregate,
  type CountOptions,
  type CountScore,
  countAggregate,
  countLoss,
  meanOf,
} from './count-loss.js';
import {backgroundOption, maskOptions} from './mask-options.js';
import {hardOverlap, type Overlap, softDistance} from './overlap.js';
import type {SoftCountTensors} from './soft-counts.js';
import {columnTensor, softLoss} from './soft-loss.js';

/** The options of every loss that measures overlap, as a config writes them. */
export const overlapOptions = {
  ...maskOptions,
  ...backgroundOption,
  mode: z
    .enum(['hard', 'soft'])
    .default('hard')
    .describe('hard: counts of the pixels of the thresholded or arg-max mask; soft: sums of probabilities'),
  smooth: z
    .number()
    .min(0)
    .default(1e-5)
    .describe('soft: added to numerator and denominator, so that a class that is nowhere has 1; hard masks take none'),
};

interface OverlapOptions extends CountOptions {
  readonly mode: 'hard' | 'soft';
  readonly smooth: number;
}

/** What a loss makes of an overlap. */
export interface OverlapScore {
  readonly better: Direction;
  readonly overlap: Omit<Overlap, 'smooth'>;
  /** The value of a class, of the overlap. */
  ofOverlap(overlap: number): number;
  /** The same of one minus the overlap, which keeps its digits near 0. */
  ofDistance(distance: number): number;
  /** The same of both, each of which keeps its digits near 0. */
  ofTensors(tensors: {readonly overlap: Tensor2D; readonly distance: Tensor2D}, tf: TensorLibrary): Tensor2D;
}

const BINARY = ['tp', 'fp', 'fn'] as const;

/** An overlap as it is, or one minus it. */
export function overlapScore(form: 'metric' | 'loss', overlap: Omit<Overlap, 'smooth'>): OverlapScore {
  if (form === 'loss') {
    return {
      better: 'lower',
      overlap,
      ofOverlap: (x) => 1 - x,
      ofDistance: (distance) => distance,
      ofTensors: ({distance}) => distance,
    };
  }
  return {
    better: 'higher',
    overlap,
    ofOverlap: (x) => x,
    ofDistance: (distance) => 1 - distance,
    ofTensors: (tensors) => tensors.overlap,
  };
}

/**
 * Makes the instance: from counted pixels, the mean over the classes present in prediction or target; from
 * probabilities, the mean over all classes (of a binary run the foreground alone, in both modes).
 */
export function overlapLoss(context: LossContext, options: OverlapOptions, score: OverlapScore): LossInstance {
  if (options.mode === 'hard') return countLoss(context, options, countScore(options, score));
  const {tf} = context;
  const overlap = {...score.overlap, smooth: options.smooth};
  return softLoss(context, options, {
    better: score.better,
    binary: BINARY,
    classColumns: true,
    value(counts) {
      const values = counts.map((of) => score.ofDistance(softDistance(of, overlap)));
      return {mean: meanOf(values), classes: values};
    },
    tensors: (counts) => overlapTensors(tf, counts, overlap, score),
    reason: NOTHING,
  });
}

/** The aggregates of the same: the value of the counts summed over the dataset. */
export function overlapAggregate(columns: LossColumns, options: OverlapOptions, score: OverlapScore): CountAggregate {
  return countAggregate(columns, countScore(options, score));
}

const NOTHING = 'both masks are empty';

function countScore({mode, smooth}: OverlapOptions, score: OverlapScore): CountScore {
  const overlap = {...score.overlap, smooth};
  const ofClass: CountScore['ofClass'] =
    mode === 'hard'
      ? (counts) => score.ofOverlap(hardOverlap(counts, overlap))
      : (counts) => score.ofDistance(softDistance(counts, overlap));
  return {better: score.better, binary: BINARY, ofClass, absentClasses: mode === 'soft', reason: NOTHING};
}

function overlapTensors(
  tf: TensorLibrary,
  {tp, fp, fn}: SoftCountTensors,
  {smooth, ...factors}: Overlap,
  {ofTensors}: OverlapScore,
): {mean: Tensor; classes: Tensor[]} {
  const missed: Tensor2D = tf.add(tf.mul(fp, factors.fp), tf.mul(fn, factors.fn));
  const hit: Tensor2D = tf.add(tf.mul(tp, factors.tp), smooth);
  const all: Tensor2D = tf.add(hit, missed);
  const exists = isPositive(tf, all);
  // 1 where there is no value: a power has no finite slope at 0.
  const share = (part: Tensor2D): Tensor2D => tf.where(exists, tf.div(part, tf.where(exists, all, 1)), 1);
  const values = ofTensors({overlap: share(hit), distance: share(missed)}, tf);
  const sum = tf.sum(tf.where(exists, values, 0), 1);
  const classes = tf.where<Tensor2D>(exists, values, Number.NaN);
  return {
    mean: tf.div(sum, tf.sum(tf.cast(exists, 'float32'), 1)),
    classes: Array.from({length: tp.shape[1]}, (_, c) => columnTensor(tf, classes, c)),
  };
}

/** x > 0, for `where`: a comparison has no gradient, and tfjs would ask for it. */
function isPositive(tf: TensorLibrary, x: Tensor2D): Tensor2D {
  return tf.customGrad((value) => ({
    value: tf.greater(value as Tensor2D, 0),
    gradFunc: () => tf.zeros(x.shape),
  }))(x) as Tensor2D;
}
