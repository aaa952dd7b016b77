import type {Tensor, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import {IGNORED} from '../pixel/class-labels.js';
import type {ScoreInput} from '../pixel/scores.js';
import type {Batch, SampleViews} from '../sample-contract.js';
import {sumPerSample} from '../tensor-loss.js';
import {type Counts, nothingCounted} from './class-counts.js';
import type {SoftMasks} from './masks.js';
import {probabilityTensor} from './probability-tensor.js';

/** A sample ready for sums over its pixels. */
export interface WeighedMasks extends SoftMasks {
  /** One a pixel, 0 where it is left out. */
  readonly weights: Float64Array;
  readonly total: number;
}

/** Gives every pixel its weight: of the role, 0 where a pixel is ignored. */
export function weighMasks(sample: SampleViews, masks: SoftMasks): WeighedMasks {
  const given = sample.weights();
  const weights = Float64Array.from(masks.target, (label, i) =>
    label === IGNORED ? 0 : given ? (given[i] as number) : 1,
  );
  return {...masks, weights, total: weights.reduce((sum, weight) => sum + weight, 0)};
}

/** Why nothing can be said of a sample; null when its pixels weigh something. */
export function nothingWeighed({target, total}: WeighedMasks): string | null {
  return total > 0 ? null : nothingCounted(target);
}

/**
 * The counts of probabilities in float64, a class each (of a binary run the foreground): tp = Σ w·p·y,
 * fp = Σ w·p·(1 − y), fn = Σ w·(1 − p)·y, tn = Σ w·(1 − p)·(1 − y).
 */
export function softCounts({channels, read, target, weights}: WeighedMasks): Counts[] {
  const sums = Array.from({length: channels}, () => ({tp: 0, fp: 0, fn: 0, tn: 0}));
  const pixel = new Float64Array(channels);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    read(i, pixel);
    const label = channels === 1 ? (target[i] as number) - 1 : target[i];
    for (let c = 0; c < channels; c++) {
      const said = weight * (pixel[c] as number);
      const unsaid = weight * (1 - (pixel[c] as number));
      const sum = sums[c] as (typeof sums)[number];
      if (c === label) {
        sum.tp += said;
        sum.fn += unsaid;
      } else {
        sum.fp += said;
        sum.tn += unsaid;
      }
    }
  }
  return sums;
}

/** The tensors that soft losses take: `probabilities` and `labels` (one-hot; of a binary run 0 or 1) `[n, h, w, k]`, `weights` `[n, h, w, 1]`. */
export function softFeeds(
  tf: TensorLibrary,
  batch: Batch,
  reading: {readonly input: ScoreInput},
  weighed: (sample: SampleViews) => WeighedMasks,
): Record<string, Tensor4D> {
  const {channels} = weighed(batch.samples[0] as SampleViews);
  const eachPixel = (sample: SampleViews, visit: (pixel: number, masks: WeighedMasks) => void) => {
    const masks = weighed(sample);
    masks.weights.forEach((weight, i) => {
      if (weight !== 0) visit(i, masks);
    });
  };
  return {
    probabilities: batch.fill(
      'probabilities',
      channels,
      (sample, out) => {
        const pixel = new Float64Array(channels);
        eachPixel(sample, (i, {read}) => {
          read(i, pixel);
          out.set(pixel, i * channels);
        });
      },
      () => probabilityTensor(tf, batch, reading, (sample) => weighed(sample).weights),
    ),
    labels: batch.fill('labels', channels, (sample, out) =>
      eachPixel(sample, (i, {target}) => {
        const label = channels === 1 ? (target[i] as number) - 1 : (target[i] as number);
        if (label >= 0) out[i * channels + label] = 1;
      }),
    ),
    weights: batch.fill('pixel weights', 1, (sample, out) => out.set(weighed(sample).weights)),
  };
}

/** Those counts as tensors `[n, k]`, differentiable in the probabilities, with what no probability changes: `found`, Σ w·y, `others`, Σ w·(1 − y), and `pixels`, Σ w `[n, 1]`. */
export interface SoftCountTensors {
  readonly tp: Tensor2D;
  readonly fp: Tensor2D;
  readonly fn: Tensor2D;
  readonly tn: Tensor2D;
  readonly found: Tensor2D;
  readonly others: Tensor2D;
  readonly pixels: Tensor2D;
}

/** The counts of `softFeeds`. */
export function softCountTensors(tf: TensorLibrary, feeds: Record<string, Tensor>): SoftCountTensors {
  const {probabilities: p, labels: y, weights: w} = feeds as Record<'probabilities' | 'labels' | 'weights', Tensor4D>;
  const [n, height, width, channels] = p.shape;
  const weighted = tf.mul(w, p);
  const rest = tf.mul(w, tf.sub(1, p));
  const sums = (map: Tensor, size: number = channels) => {
    const flat = tf.reshape(tf.transpose(map, [0, 3, 1, 2]), [n * size, height * width]);
    return tf.reshape(sumPerSample(tf, flat), [n, size]) as Tensor2D;
  };
  const not = tf.sub(1, y);
  return {
    tp: sums(tf.mul(weighted, y)),
    fp: sums(tf.mul(weighted, not)),
    fn: sums(tf.mul(rest, y)),
    tn: sums(tf.mul(rest, not)),
    found: sums(tf.mul(w, y)),
    others: sums(tf.mul(w, not)),
    pixels: sums(w, 1),
  };
}
