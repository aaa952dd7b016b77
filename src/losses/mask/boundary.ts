import type {Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {squaredDistances} from '../../kernels/distance-transform.js';
import {defineLoss} from '../contract.js';
import {IGNORED, type Labels} from '../pixel/class-labels.js';
import {scoreView} from '../pixel/scores.js';
import type {SampleViews} from '../sample-contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {type ChannelMasks, channelMasks, classChannels, interleave, labelMask, validPixels} from './class-channels.js';
import {classTensorLoss, sumPerClass} from './class-tensor-loss.js';
import {maskInputs, maskOptions} from './mask-options.js';
import {probabilityTensor} from './probability-tensor.js';

/**
 * Boundary loss: the mean over valid pixels of φ·p, p the probability of a class and φ the signed distance to the
 * target's boundary in pixels: outside the distance to the nearest pixel of the class, inside −(the distance to the
 * nearest pixel outside it − 1). Multi-class: the mean over the classes but id 0, a column for each. May be negative;
 * the minimum is not 0. Ignored pixels are background for distances and left out of the mean; `weight` weights it.
 */
export const boundary = defineLoss({
  id: 'boundary',
  family: 'mask',
  better: 'lower',
  summary: 'Boundary loss: probabilities weighted by the signed distance to the target',
  formula: 'mean(phi p), phi = distance to the target outside it, -(distance to the outside - 1) inside it',
  range: 'any number; lower, and below 0, for certain and right',
  unit: 'pixels, times probability',
  use: 'To follow a training with the boundary loss, beside a regional one; as a measure of its own take assd or hausdorff.',
  reference: 'Kervadec et al. 2019, Boundary loss for highly unbalanced segmentation, equation 5 and the released code',
  undefinedWhen: 'every foreground class of the target is empty or full, or no pixel is valid or has a weight',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject(maskOptions),
  create(options, context) {
    const {tf, classes} = context;
    const channels = classChannels(classes, {background: false});
    return classTensorLoss<Prepared>(context, {
      view: scoreView(options),
      better: 'lower',
      channels,
      maps: 10,
      prepare(sample) {
        const masks = channelMasks(sample, options, classes, channels);
        const {weights, total} = pixelWeights(sample, masks.target);
        const counts = channels.map(({label}) => countOf(masks.target, label));
        const defined = counts.map((count) => total > 0 && count > 0 && count < masks.valid);
        const reason =
          masks.valid === 0
            ? 'no valid pixel'
            : total > 0
              ? 'the target is empty or full'
              : 'the weights of the valid pixels sum to 0';
        return {masks, weights, total, labels: channels.map(({label}) => label), defined, reason};
      },
      feed: (batch, prepared) => ({
        probabilities: batch.fill(
          'probabilities',
          channels.length,
          (sample, out) => interleave(prepared(sample).masks.probabilities, out),
          () => probabilityTensor(tf, batch, options, (sample) => validPixels(prepared(sample).masks), channels),
        ),
        distances: batch.fill('distances', channels.length, (sample, out) => {
          const made = prepared(sample);
          interleave(
            channels.map((_, k) => weightedDistances(made, k)),
            out,
          );
        }),
      }),
      values: ({probabilities, distances}) => sumPerClass(tf, tf.mul(probabilities as Tensor4D, distances as Tensor4D)),
      value: (made, k) => weighedProbabilities(made, k).reduce((sum, value) => sum + value, 0),
      shares: {
        shows: 'probability times the distance to the target',
        of: weighedProbabilities,
        target: ({masks}) => masks.target,
      },
    });
  },
});

interface Prepared {
  readonly masks: ChannelMasks;
  /** Of every pixel, 0 where it is left out; null where all valid pixels weigh 1. */
  readonly weights: Float32Array | null;
  readonly total: number;
  readonly labels: readonly number[];
  readonly defined: readonly boolean[];
  readonly reason: string;
}

function pixelWeights(sample: SampleViews, target: Labels): {weights: Float32Array | null; total: number} {
  const weights = sample.weights();
  let total = 0;
  for (let i = 0; i < target.length; i++) if (target[i] !== IGNORED) total += weights ? (weights[i] as number) : 1;
  return {weights, total};
}

/** φ·w / Σw of every pixel; 0 where a pixel is left out, and everywhere where the class has no value. */
function weightedDistances({masks, weights, total, labels, defined}: Prepared, k: number): Float64Array {
  const {target, height, width} = masks;
  if (!defined[k]) return new Float64Array(target.length);
  const mask = labelMask(target, labels[k] as number);
  const phi = squaredDistances(mask, height, width);
  for (let i = 0; i < mask.length; i++) {
    phi[i] = Math.sqrt(phi[i] as number);
    mask[i] = mask[i] ? 0 : 1;
  }
  const inside = squaredDistances(mask, height, width);
  for (let i = 0; i < mask.length; i++) {
    const weight = target[i] === IGNORED ? 0 : weights ? (weights[i] as number) : 1;
    const distance = mask[i] ? (phi[i] as number) : 1 - Math.sqrt(inside[i] as number);
    phi[i] = (distance * weight) / total;
  }
  return phi;
}

/** φ·p·w / Σw of every pixel. */
function weighedProbabilities(made: Prepared, k: number): Float64Array {
  const probabilities = made.masks.probabilities[k] as Float64Array;
  return weightedDistances(made, k).map((value, i) => value * (probabilities[i] as number));
}

function countOf(target: Labels, label: number): number {
  let count = 0;
  for (let i = 0; i < target.length; i++) if (target[i] === label) count++;
  return count;
}
