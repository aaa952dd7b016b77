import type {Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {SampleError} from '../../errors.js';
import type {View} from '../../kernels/view.js';
import {defineLoss} from '../contract.js';
import type {SampleViews} from '../sample-contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {fillScores} from './labelled-pixels.js';
import {pixelMean} from './pixel-mean.js';
import {type PixelWeights, unlabelledWeights} from './pixel-weights.js';
import {countedTensor} from './score-tensor.js';
import {openScores, place, type Scores, scoreOptions, scoreView} from './scores.js';

interface Prepared extends PixelWeights {
  readonly scores: Scores;
  /** −1 or +1 of every pixel, 0 where it is ignored. */
  readonly signs: Int8Array;
}

/** Hinge loss of raw scores s, one channel: the mean over pixels of max(0, 1 − t·s), t = ±1. */
export const hinge = defineLoss({
  id: 'hinge',
  family: 'pixel',
  better: 'lower',
  summary: 'Hinge loss of raw scores against targets of -1 and +1 (0/1 and 0/255 are mapped)',
  formula: 'mean(max(0, 1 - target * pred))',
  range: 'from 0, where every score is on its side by a margin of 1',
  unit: 'scores',
  use: 'Raw scores of a classifier with margins; for discriminators see hinge-gan.',
  reference: 'Cortes and Vapnik 1995, "Support-Vector Networks"; torchmetrics.functional.hinge_loss',
  undefinedWhen: 'no pixel has a weight, or a score that counts is NaN',
  inputs: {pred: 'scores', target: 'labels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject({crop_border: scoreOptions.crop_border}),
  create(options, context) {
    const {tf} = context;
    return pixelMean<Prepared>(context, {
      view: scoreView(options),
      shows: 'hinge loss',
      memory: (height, width) => 4 * height * width * 10,
      prepare,
      feed: (batch, prepared) => ({
        scores: batch.fill(
          'scores',
          1,
          (sample, out) => fillScores(prepared(sample), out),
          () => countedTensor(tf, batch, batch.tensor('pred'), (sample) => prepared(sample).weights),
        ),
        signs: batch.fill('signs', 1, (sample, out) => out.set(prepared(sample).signs)),
      }),
      terms: ({scores, signs}) => tf.relu(tf.sub(1, tf.mul(scores as Tensor4D, signs as Tensor4D))) as Tensor4D,
      pixelTerm({scores, signs}) {
        const score = new Float64Array(1);
        return (i) => {
          scores.read(i, score);
          return Math.max(0, 1 - (signs[i] as number) * (score[0] as number));
        };
      },
    });
  },
});

function prepare(sample: SampleViews): Prepared {
  const pred = sample.view('pred');
  if (pred.channels !== 1) {
    throw new SampleError('channels', `hinge needs scores of one channel, pred has ${pred.channels}`);
  }
  if (pred.integer) {
    throw new SampleError('scores', 'pred is an integer file, hinge needs raw scores in a float file');
  }
  return {
    scores: openScores(pred, {role: 'pred', input: 'logits', sumTolerance: () => 0}),
    signs: signsOf(sample.view('target'), sample.valid()),
    ...unlabelledWeights(sample),
  };
}

/** −1 and +1 stay; 0 is −1; 1, 255 and 65535 are +1. A target with both −1 and 0 does not say what 0 means. */
function signsOf({data, width}: View, valid: Uint8Array | null): Int8Array {
  const signs = new Int8Array(data.length);
  let negative: number | null = null;
  for (let i = 0; i < data.length; i++) {
    if (valid && !valid[i]) continue;
    const id = data[i] as number;
    if (id === 1 || id === 255 || id === 65535) {
      signs[i] = 1;
      continue;
    }
    if ((id !== 0 && id !== -1) || (negative !== null && id !== negative)) {
      throw new SampleError(
        'labels',
        `target has ${id} at ${place(i, {width})}: hinge targets hold -1 and 1, 0 and 1, or 0 and 255`,
      );
    }
    negative = id;
    signs[i] = -1;
  }
  return signs;
}
