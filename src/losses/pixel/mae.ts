import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles, toView, viewOptions} from '../view-options.js';
import {differenceLoss} from './difference.js';

/** Mean absolute error: mean |x − y| over pixels and channels. */
export const mae = defineLoss({
  id: 'mae',
  family: 'pixel',
  better: 'lower',
  summary: 'Mean absolute error (L1)',
  formula: 'mean(|pred - target|)',
  range: 'from 0, which identical images have, to 1 where values lie in 0..1',
  unit: 'pixel values',
  use: 'The usual loss of restoration networks: outliers count less than in mse, and edges come out sharper.',
  reference: 'Laplace 1774; torch.nn.L1Loss',
  undefinedWhen: 'no pixel has a weight',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject(viewOptions),
  create: (options, context) =>
    differenceLoss(context, {
      view: toView(options),
      shows: 'absolute error',
      error: (difference, tf) => tf.abs(difference),
      fusedError: 'absolute',
    }),
});
