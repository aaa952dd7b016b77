import * as z from 'zod';
import {SampleError} from '../../errors.js';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {ignoreIndexOption} from './class-labels.js';
import {labelledPixelLoss} from './labelled-pixels.js';
import {scoreOptions, scoreView} from './scores.js';

/**
 * Cross-entropy of scores `[h, w, k]` against a label map, the mean over valid pixels. One channel is binary:
 * −[pos_weight·y ln p + (1 − y) ln(1 − p)]; several: −ln p_y. From probabilities a logarithm is at most
 * −ln 1e-7; from logits it is not capped.
 */
export const crossEntropy = defineLoss({
  id: 'cross-entropy',
  family: 'pixel',
  better: 'lower',
  summary: 'Cross-entropy of class scores against labels',
  formula:
    'mean(-ln p[label]); binary: mean(-(pos_weight y ln p + (1 - y) ln(1 - p))); of probabilities, -ln is capped at -ln 1e-7 = 16.118',
  range: 'from 0 for certain and right; at most 16.118 from probabilities',
  unit: 'nats',
  use: 'To see the training loss of a classifier of pixels per image, and to find images that it is certainly wrong about. Needs probabilities or logits; of hard masks each wrong pixel costs 16.118.',
  reference: 'Good 1952, "Rational Decisions"; torch.nn.CrossEntropyLoss, torch.nn.BCELoss',
  undefinedWhen: 'no pixel is valid or has a weight, or a logit that counts is NaN',
  inputs: {pred: 'scores', target: 'labels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject({
    ...scoreOptions,
    ...ignoreIndexOption,
    pos_weight: z
      .number()
      .min(0)
      .default(1)
      .describe('factor on the term of foreground pixels, for scores of one channel'),
  }),
  create: ({input, ignore_index, pos_weight, crop_border}, context) =>
    labelledPixelLoss(context, {
      view: scoreView({crop_border}),
      shows: 'cross-entropy',
      input,
      ignoreIndex: ignore_index,
      factors(channels) {
        if (pos_weight === 1) return undefined;
        if (channels === 1) return [1, pos_weight];
        throw new SampleError(
          'pos-weight',
          `pos_weight is for scores of one channel, pred has ${channels}: use weighted-cross-entropy with class_weights`,
        );
      },
      tensor: (truth) => truth.minusLog(),
      value: (truth) => truth.minusLog(),
    }),
});
