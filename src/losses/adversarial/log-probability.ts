import type {Tensor} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type {TensorLibrary} from '../contract.js';
import type {ScoreInput, ScoreTerm} from './adversarial-loss.js';

/** What −ln p is at most, from probabilities: −ln 1e-7. From logits there is no limit. */
const CAP = -Math.log(1e-7);

/** −ln D of a score: of the probability itself, or softplus(−s) of a logit, which is stable at any size. */
export function minusLogReal(score: number, input: ScoreInput): number {
  return input === 'logits' ? softplus(-score) : Math.min(CAP, -Math.log(score));
}

/** −ln(1 − D) of a score. */
export function minusLogFake(score: number, input: ScoreInput): number {
  return input === 'logits' ? softplus(score) : Math.min(CAP, -Math.log1p(-score));
}

/** ln(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The option of losses that compare D with a label. */
export const labelSmoothingOption = {
  label_smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("taken off the real items' label 1 in the discriminator (one-sided, Salimans et al. 2016)"),
};

/** The discriminator's terms: −(1 − ε)·ln D − ε·ln(1 − D) of a real score, −ln(1 − D) of a fake one. */
export function discriminatorTerms(
  smoothing: number,
  tf: TensorLibrary,
): {readonly real: ScoreTerm; readonly fake: ScoreTerm} {
  return {
    real: {
      of: (score, input) => (1 - smoothing) * minusLogReal(score, input) + smoothing * minusLogFake(score, input),
      // softplus(−s)·(1 − ε) + softplus(s)·ε
      tensor: (scores: Tensor) =>
        tf.add(tf.mul(1 - smoothing, tf.softplus(tf.neg(scores))), tf.mul(smoothing, tf.softplus(scores))),
    },
    fake: {of: minusLogFake, tensor: (scores) => tf.softplus(scores)},
  };
}

/** Where D is one half. */
export function evenOdds(input: ScoreInput): number {
  return input === 'logits' ? 0 : 0.5;
}
