import * as z from 'zod';
import {SampleError} from '../../errors.js';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {ignoreIndexOption} from './class-labels.js';
import {labelledPixelLoss} from './labelled-pixels.js';
import {scoreOptions, scoreView} from './scores.js';

type Alpha = number | readonly number[] | null;

/**
 * Focal loss of scores against a label map: the mean over valid pixels of α·(1 − p)^γ·(−ln p), p the
 * probability of the labelled class. (1 − p)^γ is exp(γ ln(1 − p)), so that confident logits keep their digits.
 */
export const focal = defineLoss({
  id: 'focal',
  family: 'pixel',
  better: 'lower',
  summary: 'Focal loss: cross-entropy that fades for well-classified pixels',
  formula:
    'mean(alpha[label] (1 - p[label])^gamma (-ln p[label])); of probabilities, -ln is capped at -ln 1e-7 = 16.118',
  range: 'from 0 for certain and right',
  unit: 'nats',
  use: 'Detection and segmentation with far more background than foreground: what is well classified hardly counts. gamma 0 is cross-entropy.',
  reference: 'Lin et al. 2017, "Focal Loss for Dense Object Detection", equation 5',
  undefinedWhen: 'no pixel is valid or has a weight, or a logit that counts is NaN',
  inputs: {pred: 'scores', target: 'labels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject({
    ...scoreOptions,
    ...ignoreIndexOption,
    gamma: z.number().min(0).default(2).describe('how fast well-classified pixels fade; 0 is cross-entropy'),
    alpha: z
      .union([z.number().min(0).max(1), z.array(z.number().min(0))])
      .nullable()
      .default(null)
      .describe(
        'class balance: for scores of one channel a number, on foreground, 1 − alpha on background; for several a list by class; null: none',
      ),
  }),
  create: ({input, ignore_index, gamma, alpha, crop_border}, context) =>
    labelledPixelLoss(context, {
      view: scoreView({crop_border}),
      shows: 'focal loss',
      input,
      ignoreIndex: ignore_index,
      factors: (channels) => alphaFactors(alpha, channels),
      tensor: (truth, tf) =>
        gamma === 0 ? truth.minusLog() : tf.mul(tf.exp(tf.mul(truth.minusLogComplement(), -gamma)), truth.minusLog()),
      value: (truth) =>
        gamma === 0 ? truth.minusLog() : Math.exp(-gamma * truth.minusLogComplement()) * truth.minusLog(),
    }),
});

/** The factor of each class. */
function alphaFactors(alpha: Alpha, channels: number): readonly number[] | undefined {
  if (alpha === null) return undefined;
  if (channels === 1) {
    if (typeof alpha === 'number') return [1 - alpha, alpha];
    throw new SampleError('alpha', `pred has one channel: alpha must be a number, it is a list of ${alpha.length}`);
  }
  if (typeof alpha === 'number') {
    throw new SampleError(
      'alpha',
      `pred has ${channels} channels: alpha must be a list of ${channels}, it is ${alpha}`,
    );
  }
  if (alpha.length !== channels) {
    throw new SampleError('alpha', `alpha has ${alpha.length} entries, pred has ${channels} classes`);
  }
  return alpha;
}
