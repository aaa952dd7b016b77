import type {Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {SampleError, UsageError} from '../../errors.js';
import {lovaszGradient} from '../../kernels/lovasz-gradient.js';
import {defineLoss, type LossContext} from '../contract.js';
import {classLabels, IGNORED, type Labels} from '../pixel/class-labels.js';
import {openScores, place, quantizedSumTolerance, scoreView} from '../pixel/scores.js';
import type {SampleViews} from '../sample-contract.js';
import {type ClassChannel, channelMasks, classChannels, interleave, labelMask, validPixels} from './class-channels.js';
import {classTensorLoss, sumPerClass} from './class-tensor-loss.js';
import {backgroundOption, type MaskReading, maskInputs, maskOptions} from './mask-options.js';
import {probabilityTensor} from './probability-tensor.js';

/**
 * Lovász loss: the Lovász extension of the Jaccard loss 1 − IoU, per image over valid pixels. `mode: softmax` takes
 * the errors |y − p| of each class that the target holds, and the mean over those classes (binary: of the foreground).
 * `mode: hinge` is binary and takes the margin errors max(0, 1 − z·(2y − 1)) of logits z; without foreground in the
 * target that is the largest of them.
 *
 * The tensor program holds the extension's gradient fixed, which is what makes its own gradient a subgradient.
 */
export const lovasz = defineLoss({
  id: 'lovasz',
  family: 'mask',
  better: 'lower',
  summary: 'Lovász extension of the Jaccard loss',
  formula: 'sum(errors · gradient of the Jaccard loss at the errors in falling order)',
  range: '0 to 1 for probabilities; 0 for certain and right',
  use: 'The training loss that follows IoU. Of hard masks it is 1 - iou.',
  reference: 'Berman, Triki, Blaschko 2018, The Lovász-Softmax loss, equations 9 and 11',
  undefinedWhen: 'no pixel is valid; mode softmax: the target holds no scored class (binary: no foreground)',
  inputs: maskInputs,
  optionalInputs: {ignore: 'labels'},
  objective: 'itself',
  options: z.strictObject({
    ...maskOptions,
    ...backgroundOption,
    mode: z
      .enum(['softmax', 'hinge'])
      .default('softmax')
      .describe('softmax: of probabilities; hinge: of the logits of a binary run'),
  }),
  create(options, context) {
    const hinge = options.mode === 'hinge';
    if (hinge) checkHinge(options, context);
    const {tf, classes} = context;
    const channels = classChannels(classes, options);
    return classTensorLoss<Prepared>(context, {
      view: scoreView(options),
      better: 'lower',
      channels,
      maps: 10,
      prepare: (sample) => (hinge ? prepareHinge(sample, options) : prepareSoftmax(sample, options, context, channels)),
      feed: (batch, prepared) => {
        const fill = (name: string, maps: (made: Prepared) => readonly ArrayLike<number>[]) =>
          batch.fill(name, channels.length, (sample, out) => interleave(maps(prepared(sample)), out));
        return {
          [hinge ? 'logits' : 'probabilities']: batch.fill(
            'scores',
            channels.length,
            (sample, out) => interleave(prepared(sample).scores, out),
            () =>
              probabilityTensor(
                tf,
                batch,
                // Raw scores, as they are.
                hinge ? {input: 'probabilities'} : options,
                (sample) => validPixels(prepared(sample)),
                channels,
              ),
          ),
          labels: fill('labels', ({labels}) => labels),
          gradient: fill('gradient', (made) => channels.map((_, k) => gradientOf(made, k).gradient)),
        };
      },
      values({probabilities, logits, labels, gradient}) {
        const signs = tf.sub(tf.mul(labels as Tensor4D, 2), 1);
        const errors = logits
          ? tf.relu(tf.sub(1, tf.mul(logits, signs)))
          : tf.sub(labels as Tensor4D, tf.mul(probabilities as Tensor4D, signs));
        // An infinite error counts only where its gradient does.
        const counted = tf.where(tf.greater(gradient as Tensor4D, 0), errors, 0);
        return sumPerClass(tf, tf.mul(counted, gradient as Tensor4D));
      },
      value: (made, k) => errorShares(made, k).reduce((sum, share) => sum + share, 0),
      shares: {
        shows: 'share of the Lovász extension',
        of: errorShares,
        target: ({target}) => target,
      },
    });
  },
});

interface Prepared {
  /** By class: the probability or the logit of every pixel. */
  readonly scores: readonly Float64Array[];
  /** By class: 1 on its pixels. */
  readonly labels: readonly Uint8Array[];
  readonly target: Labels;
  readonly hinge: boolean;
  readonly defined: readonly boolean[];
  readonly reason: string;
}

function checkHinge({input}: MaskReading, {classes}: LossContext): void {
  if (classes)
    throw new UsageError('CVL-C020', 'lovasz: mode hinge is for a binary run, this one has classes: use mode softmax');
  if (input !== 'logits') throw new UsageError('CVL-C020', 'lovasz: mode hinge needs logits: say input: logits');
}

function prepareSoftmax(
  sample: SampleViews,
  options: MaskReading,
  {classes}: LossContext,
  channels: readonly ClassChannel[],
): Prepared {
  const {probabilities, target, valid} = channelMasks(sample, options, classes, channels);
  const labels = channels.map(({label}) => labelMask(target, label));
  const defined = labels.map((mask) => mask.includes(1));
  const none = classes ? 'the target holds no scored class' : 'the target is empty';
  return {scores: probabilities, labels, target, hinge: false, defined, reason: valid === 0 ? 'no valid pixel' : none};
}

function prepareHinge(sample: SampleViews, {ignore_index}: MaskReading): Prepared {
  const view = sample.view('pred');
  if (view.channels !== 1) {
    throw new SampleError('scores', `pred has ${view.channels} channels; a binary run needs one: set classes`);
  }
  const {read} = openScores(view, {role: 'pred', input: 'logits', sumTolerance: quantizedSumTolerance});
  const target = classLabels(sample.view('target'), {channels: 1, ignoreIndex: ignore_index, valid: sample.valid()});
  const logits = new Float64Array(target.length);
  const pixel = new Float64Array(1);
  let valid = 0;
  for (let i = 0; i < target.length; i++) {
    if (target[i] === IGNORED) continue;
    valid++;
    read(i, pixel);
    logits[i] = pixel[0] as number;
    if (Number.isNaN(logits[i])) throw new SampleError('scores', `pred has NaN at ${place(i, view)}`);
  }
  const labels = [labelMask(target, 1)];
  return {scores: [logits], labels, target, hinge: true, defined: [valid > 0], reason: 'no valid pixel'};
}

/** Of the valid pixels of the k-th class: their errors, and the extension's gradient there; 0 elsewhere, and where it has no value. */
function gradientOf(
  {scores, labels, target, hinge, defined}: Prepared,
  k: number,
): {errors: Float64Array; gradient: Float64Array} {
  const errors = new Float64Array(target.length);
  const gradient = new Float64Array(target.length);
  if (!defined[k]) return {errors, gradient};
  const [map, mask] = [scores[k] as Float64Array, labels[k] as Uint8Array];
  const pixels = validIndices(target);
  const own = new Float64Array(pixels.length);
  const positives = new Uint8Array(pixels.length);
  pixels.forEach((i, n) => {
    const [score, label] = [map[i] as number, mask[i] as number];
    const error = hinge ? Math.max(0, 1 - score * (2 * label - 1)) : Math.abs(label - score);
    errors[i] = error;
    own[n] = error;
    positives[n] = label;
  });
  const found = lovaszGradient(own, positives);
  pixels.forEach((i, n) => {
    gradient[i] = found[n] as number;
  });
  return {errors, gradient};
}

/** What each pixel's error adds; nothing, even where it is infinite, where the gradient is 0. */
function errorShares(made: Prepared, k: number): Float64Array {
  const {errors, gradient} = gradientOf(made, k);
  return errors.map((error, i) => (gradient[i] ? error * (gradient[i] as number) : 0));
}

function validIndices(target: Labels): Uint32Array {
  const found = new Uint32Array(target.length);
  let count = 0;
  for (let i = 0; i < target.length; i++) if (target[i] !== IGNORED) found[count++] = i;
  return found.subarray(0, count);
}
