import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles, toView, viewOptions} from '../view-options.js';
import {differenceLoss} from './difference.js';

/**
 * Log-cosh loss: mean ln cosh d, d = x − y.
 * Computed as |d| + ln(1 + (e^(−2|d|) − 1)/2), the same as |d| + softplus(−2|d|) − ln 2: nothing overflows for
 * large |d|, and with expm1 and log1p the ln 2 never appears, so that d = 0 gives 0 and tiny d give d²/2.
 */
export const logCosh = defineLoss({
  id: 'log-cosh',
  family: 'pixel',
  better: 'lower',
  summary: 'Log-cosh loss: half the square near zero, |d| - ln 2 far from it',
  formula: 'mean(ln(cosh(pred - target)))',
  range: 'from 0, which identical images have',
  use: 'Like Huber, without a delta to choose. In 0..1 it is close to half of mse.',
  reference: 'Chen et al. 2018, Log Hyperbolic Cosine Loss Improves Variational Auto-Encoder; tf.keras.losses.LogCosh',
  undefinedWhen: 'no pixel has a weight',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject(viewOptions),
  create: (options, context) =>
    differenceLoss(context, {
      view: toView(options),
      shows: 'ln cosh of the error',
      maps: 6,
      error: (difference, tf) => {
        const distance = tf.abs(difference);
        return tf.add(distance, tf.log1p(tf.mul(tf.expm1(tf.mul(distance, -2)), 0.5)));
      },
      fusedError: (difference) => {
        const distance = Math.abs(difference);
        return distance + Math.log1p(Math.expm1(-2 * distance) / 2);
      },
    }),
});
