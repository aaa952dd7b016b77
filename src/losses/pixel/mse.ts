import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles, toView, viewOptions} from '../view-options.js';
import {differenceLoss} from './difference.js';

/** Mean squared error: mean (x − y)² over pixels and channels. */
export const mse = defineLoss({
  id: 'mse',
  family: 'pixel',
  better: 'lower',
  summary: 'Mean squared error (L2)',
  formula: 'mean((pred - target)^2)',
  range: 'from 0, which identical images have, to 1 where values lie in 0..1',
  unit: 'squared pixel values',
  use: 'To reproduce a training loss, and as the ground of PSNR. Large errors count most; it says little about what people see: a shift of one pixel costs more than a blur.',
  reference: 'Gauss 1809; torch.nn.MSELoss',
  undefinedWhen: 'no pixel has a weight',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject(viewOptions),
  create: (options, context) =>
    differenceLoss(context, {
      view: toView(options),
      shows: 'squared error',
      error: (difference, tf) => tf.square(difference),
      fusedError: 'squared',
    }),
});
