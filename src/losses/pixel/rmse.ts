import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles, toView, viewOptions} from '../view-options.js';
import {differenceLoss} from './difference.js';
import {squareRoot} from './square-root.js';

/** Root mean squared error: √(mean (x − y)²) over the pixels and channels of a sample. */
export const rmse = defineLoss({
  id: 'rmse',
  family: 'pixel',
  better: 'lower',
  summary: 'Root mean squared error, in the units of the pixels',
  formula: 'sqrt(mean((pred - target)^2))',
  range: 'from 0, which identical images have, to 1 where values lie in 0..1',
  unit: 'pixel values',
  use: "Where an error has to be read in the units of the data, such as depth in metres: floats stay as they are. The dataset's value is the mean of the images' roots, not the root of the mean.",
  reference: 'Gauss 1809; sklearn.metrics.root_mean_squared_error',
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
      final: (mean, tf) => squareRoot(tf, mean),
      finalOf: Math.sqrt,
    }),
});
