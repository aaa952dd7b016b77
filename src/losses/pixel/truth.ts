import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import {IGNORED} from './class-labels.js';

/** −ln of a probability is capped at −ln 1e-7: the same as a probability of at least this. */
export const SMALLEST_PROBABILITY = 1e-7;

/**
 * What the scores say of the labelled class, p its probability. From probabilities both logarithms are capped
 * at −ln 1e-7; from logits they are not.
 */
export interface Truth<Value> {
  /** −ln p. */
  minusLog(): Value;
  /** −ln(1 − p). */
  minusLogComplement(): Value;
}

/** The feeds of `truthTensors`. */
export interface TruthFeeds {
  /** `[n, h, w, k]`: this or `probabilities`. */
  readonly logits?: Tensor4D;
  readonly probabilities?: Tensor4D;
  /** `[n, h, w, 1]`, for binary probabilities: what float32 loses of 1 − p. */
  readonly rounding?: Tensor4D;
  /** `[n, h, w, k]`: 0 or 1 for scores of one channel, else one-hot. */
  readonly labels: Tensor4D;
}

/** The labelled class as tensors `[n, h, w, 1]`, differentiable in the scores. */
export function truthTensors(tf: TensorLibrary, feeds: TruthFeeds): Truth<Tensor4D> {
  if (feeds.logits) {
    const margin = marginTensor(tf, feeds.logits, feeds.labels);
    return {minusLog: () => tf.softplus(tf.neg(margin)), minusLogComplement: () => tf.softplus(margin)};
  }
  const {p, complement} = probabilityTensors(tf, feeds.probabilities as Tensor4D, feeds);
  const minusLog = (x: Tensor4D): Tensor4D => tf.neg(tf.log(tf.maximum(x, SMALLEST_PROBABILITY)));
  return {minusLog: () => minusLog(p), minusLogComplement: () => minusLog(complement)};
}

/** ln(p / (1 − p)) of the labelled class: ±z, or z_y − ln Σ_{j≠y} exp z_j. Written so that neither tail rounds to 0. */
function marginTensor(tf: TensorLibrary, logits: Tensor4D, labels: Tensor4D): Tensor4D {
  if (logits.shape[3] === 1) return tf.mul(logits, tf.sub(tf.mul(labels, 2), 1));
  const labelled = tf.cast(labels, 'bool');
  const own = tf.sum(tf.where(labelled, logits, 0), 3, true);
  const others = tf.where<Tensor4D>(labelled, -Infinity, logits);
  // An infinite peak would give ∞ − ∞.
  const peak = tf.clipByValue(tf.max(others, 3, true), -3e38, 3e38);
  const rest = tf.add(tf.log(tf.sum(tf.exp(tf.sub(others, peak)), 3, true)), peak);
  return tf.sub(own, rest) as Tensor4D;
}

function probabilityTensors(
  tf: TensorLibrary,
  probabilities: Tensor4D,
  {labels, rounding}: TruthFeeds,
): {p: Tensor4D; complement: Tensor4D} {
  if (!rounding) {
    const p: Tensor = tf.sum(tf.mul(probabilities, labels), 3, true);
    return {p: p as Tensor4D, complement: tf.sub(1, p) as Tensor4D};
  }
  const foreground = tf.cast(labels, 'bool');
  const background: Tensor4D = tf.add(tf.sub(1, probabilities), rounding);
  return {
    p: tf.where(foreground, probabilities, background),
    complement: tf.where(foreground, background, probabilities),
  };
}

/** The labelled class of one pixel after another, in float64. */
export interface PixelTruth extends Truth<number> {
  /** Sets the pixel: its scores and its class. */
  set(scores: Float64Array, label: number): void;
}

/** Makes a `PixelTruth` for logits or for probabilities. */
export function pixelTruth(logits: boolean): PixelTruth {
  return logits ? new LogitTruth() : new ProbabilityTruth();
}

class LogitTruth implements PixelTruth {
  private margin = 0;

  set(scores: Float64Array, label: number): void {
    this.margin =
      scores.length === 1
        ? (scores[0] as number) * (2 * label - 1)
        : (scores[label] as number) - logSumExp(scores, label);
  }

  minusLog(): number {
    return softplus(-this.margin);
  }

  minusLogComplement(): number {
    return softplus(this.margin);
  }
}

class ProbabilityTruth implements PixelTruth {
  private p = 0;
  private complement = 0;

  set(scores: Float64Array, label: number): void {
    const p = scores[scores.length === 1 ? 0 : label] as number;
    const background = scores.length === 1 && label === 0;
    this.p = background ? 1 - p : p;
    this.complement = background ? p : 1 - p;
  }

  minusLog(): number {
    return -Math.log(Math.max(this.p, SMALLEST_PROBABILITY));
  }

  minusLogComplement(): number {
    return -Math.log(Math.max(this.complement, SMALLEST_PROBABILITY));
  }
}

/** ln Σ exp z_j over every j but `except` (none: IGNORED). Exact for ±1e4; NaN or Infinity where the scores are. */
export function logSumExp(scores: Float64Array, except: number = IGNORED): number {
  let peak = -Infinity;
  for (let j = 0; j < scores.length; j++) {
    if (j !== except) peak = Math.max(peak, scores[j] as number);
  }
  if (!Number.isFinite(peak)) return peak;
  let sum = 0;
  for (let j = 0; j < scores.length; j++) {
    if (j !== except) sum += Math.exp((scores[j] as number) - peak);
  }
  return peak + Math.log(sum);
}

/** ln(1 + exp x). */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
