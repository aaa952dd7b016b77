import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {maskInputs} from './mask-options.js';
import {type OverlapScore, overlapAggregate, overlapLoss, overlapOptions} from './overlap-loss.js';
import {tverskyOptions} from './tversky.js';

/**
 * Focal Tversky loss: (1 − TI)^γ of each class, γ = 0.75 (the paper's exponent 1/γ with its γ = 4/3), then the mean
 * over classes as of `tversky` (the paper takes the sum). Its slope is infinite where a class is segmented perfectly.
 */
export const focalTversky = defineLoss({
  id: 'focal-tversky',
  family: 'mask',
  better: 'lower',
  summary: 'Focal Tversky loss: a power of one minus the Tversky index, for small structures',
  formula: '(1 - tp / (tp + alpha fp + beta fn))^gamma; mean over classes',
  range: '0 to 1; 0 for identical masks',
  use: 'The training loss for small lesions: images that go badly count more.',
  reference: 'Abraham & Khan 2019, "A Novel Focal Tversky Loss Function with Improved Attention U-Net", equation 4',
  undefinedWhen:
    'nothing is predicted and nothing is in the target (hard), or no pixel is valid or has a weight; 1 when just one of them is empty',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject({
    ...overlapOptions,
    ...tverskyOptions,
    gamma: z.number().positive().default(0.75).describe('the exponent; 1 is the Tversky loss'),
  }),
  create: (options, context) => overlapLoss(context, options, scoreOf(options)),
  aggregate: (columns, options) => ({...overlapAggregate(columns, options, scoreOf(options))}),
});

function scoreOf({alpha, beta, gamma}: {alpha: number; beta: number; gamma: number}): OverlapScore {
  return {
    better: 'lower',
    overlap: {tp: 1, fp: alpha, fn: beta},
    ofOverlap: (x) => (1 - x) ** gamma,
    ofDistance: (distance) => distance ** gamma,
    ofTensors: ({distance}, tf) => tf.pow(distance, gamma),
  };
}
