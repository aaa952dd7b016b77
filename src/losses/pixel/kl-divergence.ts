import type {Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {SampleError} from '../../errors.js';
import {defineLoss, type TensorLibrary} from '../contract.js';
import type {SampleViews} from '../sample-contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {fillScores} from './labelled-pixels.js';
import {pixelMean} from './pixel-mean.js';
import {type PixelWeights, unlabelledWeights} from './pixel-weights.js';
import {countedTensor} from './score-tensor.js';
import {openScores, quantizedSumTolerance, type ScoreInput, type Scores, scoreOptions, scoreView} from './scores.js';
import {logSumExp, SMALLEST_PROBABILITY} from './truth.js';

/** Stands for T = 0 in ln T, where the term is 0 anyway. */
const TINY = 1e-37;

interface Prepared extends PixelWeights {
  readonly scores: Scores;
  readonly distribution: Scores;
}

/**
 * Kullback–Leibler divergence of predicted class distributions P from target distributions T, both
 * `[h, w, k]` with k ≥ 2: the mean over pixels of Σ_k T ln(T / P), in nats, 0·ln 0 = 0. The target's
 * probabilities must sum to 1 ± 1e-3; −ln P is at most −ln 1e-7 from probabilities, not capped from logits.
 */
export const klDivergence = defineLoss({
  id: 'kl-divergence',
  family: 'pixel',
  better: 'lower',
  summary: 'Kullback–Leibler divergence of predicted from target class distributions, in nats',
  formula: 'mean(sum_k target_k ln(target_k / pred_k)); of probabilities, -ln is capped at -ln 1e-7 = 16.118',
  range: 'from 0, which equal distributions have',
  unit: 'nats',
  use: 'Where the target is a distribution itself, as in distillation and label smoothing.',
  reference: 'Kullback and Leibler 1951, "On Information and Sufficiency"; torch.nn.KLDivLoss',
  undefinedWhen: 'no pixel has a weight, or a logit that counts is NaN',
  inputs: {pred: 'scores', target: 'scores'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject(scoreOptions),
  create({input, crop_border}, context) {
    const {tf} = context;
    return pixelMean<Prepared>(context, {
      view: scoreView({crop_border}),
      shows: 'divergence in nats',
      memory: (height, width, channels) => 4 * height * width * (10 * channels + 8),
      prepare: (sample) => prepare(sample, input),
      feed(batch, prepared) {
        const {channels, logits} = prepared(batch.samples[0] as SampleViews).scores;
        const counted = (role: string) =>
          countedTensor(tf, batch, batch.tensor(role), (sample) => prepared(sample).weights);
        const filled = batch.fill(
          'scores',
          channels,
          (sample, out) => fillScores(prepared(sample), out),
          () => counted('pred'),
        );
        const fillTarget = (sample: SampleViews, out: Float32Array) => {
          const {distribution, ...weights} = prepared(sample);
          fillScores({...weights, scores: distribution}, out);
        };
        const target = batch.fill('target', channels, fillTarget, () => counted('target'));
        return logits ? {logits: filled, target} : {probabilities: filled, target};
      },
      terms({logits, probabilities, target}) {
        const logP: Tensor4D = logits
          ? logSoftmax(tf, logits as Tensor4D)
          : tf.log(tf.maximum(probabilities as Tensor4D, SMALLEST_PROBABILITY));
        return divergence(tf, target as Tensor4D, logP);
      },
      pixelTerm: pixelDivergence,
    });
  },
});

function prepare(sample: SampleViews, input: ScoreInput): Prepared {
  const pred = sample.view('pred');
  const target = sample.view('target');
  if (pred.channels < 2 || pred.channels !== target.channels) {
    throw new SampleError(
      'channels',
      `pred has ${pred.channels} channels and target ${target.channels}: distributions need the same number, at least 2`,
    );
  }
  return {
    scores: openScores(pred, {role: 'pred', input, sumTolerance: quantizedSumTolerance}),
    distribution: openScores(target, {role: 'target', input: 'probabilities', sumTolerance: () => 1e-3}),
    ...unlabelledWeights(sample),
  };
}

/** Σ_k T (ln T − ln P), 0 where T is 0 however small P is. */
function divergence(tf: TensorLibrary, target: Tensor4D, logP: Tensor4D): Tensor4D {
  const terms = tf.mul(target, tf.sub(tf.log(tf.maximum(target, TINY)), logP));
  return tf.sum(tf.where(tf.greater(target, 0), terms, 0), 3, true) as Tensor4D;
}

function logSoftmax(tf: TensorLibrary, logits: Tensor4D): Tensor4D {
  const shifted = tf.sub(logits, tf.max(logits, 3, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 3, true))) as Tensor4D;
}

/** The term of one pixel in float64. */
function pixelDivergence({scores, distribution}: Prepared): (pixel: number) => number {
  const p = new Float64Array(scores.channels);
  const t = new Float64Array(scores.channels);
  return (pixel) => {
    scores.read(pixel, p);
    distribution.read(pixel, t);
    const normalizer = scores.logits ? logSumExp(p) : 0;
    let sum = 0;
    for (let c = 0; c < t.length; c++) {
      const target = t[c] as number;
      if (target === 0) continue;
      const score = p[c] as number;
      const logP = scores.logits ? score - normalizer : Math.log(Math.max(score, SMALLEST_PROBABILITY));
      sum += target * (Math.log(target) - logP);
    }
    return sum;
  };
}
