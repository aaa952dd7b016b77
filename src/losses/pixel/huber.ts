import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles, toView, viewOptions} from '../view-options.js';
import {differenceLoss} from './difference.js';

const options = z.strictObject({
  ...viewOptions,
  delta: z
    .number()
    .positive()
    .default(1)
    .describe('absolute difference, in the units of range, at which the error turns from square to linear'),
});

/**
 * Huber loss: mean of ½d² for |d| ≤ δ, else δ(|d| − ½δ), with d = x − y.
 * Written as q·(|d| − ½q), q = min(|d|, δ), which is both branches in one.
 */
export const huber = defineLoss({
  id: 'huber',
  family: 'pixel',
  better: 'lower',
  summary: 'Huber loss: squared near zero, absolute beyond delta',
  formula: 'd = pred - target; mean(d^2/2 where |d| <= delta, else delta (|d| - delta/2))',
  range: 'from 0, which identical images have',
  use: 'Where most errors are small and some are wild, as in depth and flow. With pixel values in 0..1 the default delta of 1 never leaves the square, so choose a smaller one.',
  reference: 'Huber 1964, Robust Estimation of a Location Parameter; torch.nn.HuberLoss',
  undefinedWhen: 'no pixel has a weight',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options,
  create: (given, context) => {
    const {delta} = given;
    return differenceLoss(context, {
      view: toView(given),
      shows: 'Huber error',
      maps: 5,
      error: (difference, tf) => {
        const distance = tf.abs(difference);
        const near = tf.minimum(distance, delta);
        return tf.mul(near, tf.sub(distance, tf.mul(near, 0.5)));
      },
      fusedError: (difference) => {
        const distance = Math.abs(difference);
        return distance <= delta ? difference ** 2 / 2 : delta * (distance - delta / 2);
      },
    });
  },
});
