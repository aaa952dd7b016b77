import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles, toView, viewOptions} from '../view-options.js';
import {differenceLoss} from './difference.js';

const options = z.strictObject({
  ...viewOptions,
  epsilon: z
    .number()
    .positive()
    .default(1e-3)
    .describe('width of the smooth zone around zero, in the units of range; the value of identical images'),
});

/** Charbonnier loss: mean √(d² + ε²), d = x − y; identical images give ε. */
export const charbonnier = defineLoss({
  id: 'charbonnier',
  family: 'pixel',
  better: 'lower',
  summary: 'Charbonnier loss: a smooth absolute error; identical images give epsilon',
  formula: 'mean(sqrt((pred - target)^2 + epsilon^2))',
  range: 'from epsilon, which identical images have',
  unit: 'pixel values',
  use: 'To reproduce super-resolution and restoration networks that train with it (LapSRN and its followers): an absolute error that is smooth at 0.',
  reference: 'Charbonnier et al. 1994; Lai et al. 2017, LapSRN (epsilon 1e-3)',
  undefinedWhen: 'no pixel has a weight',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options,
  create: (given, context) => {
    const square = given.epsilon ** 2;
    return differenceLoss(context, {
      view: toView(given),
      shows: 'Charbonnier error',
      maps: 3,
      error: (difference, tf) => tf.sqrt(tf.add(tf.square(difference), square)),
      fusedError: (difference) => Math.sqrt(difference ** 2 + square),
    });
  },
});
