import type {SampleViews} from '../sample-contract.js';
import {IGNORED, type Labels} from './class-labels.js';

/** What each pixel weighs in a mean Σ w·e / total. */
export interface PixelWeights {
  /** One a pixel, 0 where it is left out. */
  readonly weights: Float64Array | Uint8Array;
  readonly total: number;
  /** Pixels that are not ignored, whatever they weigh. */
  readonly valid: number;
}

/**
 * The weights of a mean over valid pixels: the roles `weight` and `ignore`, and 0 where a label is IGNORED.
 * `factors`, by class, multiply a pixel's term and leave the total as it is (pos_weight, focal's alpha).
 */
export function meanWeights(sample: SampleViews, labels: Labels, factors?: readonly number[]): PixelWeights {
  const base = sample.weights();
  if (!base && !factors) return equalWeights(labels);
  const weights = new Float64Array(labels.length);
  let total = 0;
  let valid = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label === IGNORED) continue;
    const weight = base ? (base[i] as number) : 1;
    weights[i] = factors ? weight * (factors[label] as number) : weight;
    total += weight;
    valid += 1;
  }
  return {weights, total, valid};
}

function equalWeights(labels: Labels): PixelWeights {
  const weights = new Uint8Array(labels.length);
  let valid = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === IGNORED) continue;
    weights[i] = 1;
    valid++;
  }
  return {weights, total: valid, valid};
}

/** The same without labels: the weights of every pixel that the role `ignore` does not leave out. */
export function unlabelledWeights(sample: SampleViews): PixelWeights {
  const labels = new Int32Array(sample.height * sample.width);
  const valid = sample.valid();
  if (valid) for (let i = 0; i < labels.length; i++) labels[i] = valid[i] ? 0 : IGNORED;
  return meanWeights(sample, labels);
}

/** Why a mean with these weights does not exist; null when it does. */
export function undefinedMean({total, valid}: Omit<PixelWeights, 'weights'>): string | null {
  if (total > 0) return null;
  return valid === 0 ? 'no valid pixel' : 'the weights of the valid pixels sum to 0';
}
