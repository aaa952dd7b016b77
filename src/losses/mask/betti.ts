import * as z from 'zod';
import {bettiNumbers} from '../../kernels/betti.js';
import {defineLoss} from '../contract.js';
import {classMaskLoss} from './class-mask-loss.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';

/**
 * Betti error: how much two masks differ in the number of their connected pieces (β0) and of their holes (β1). With
 * `connectivity: 8/4` foreground pixels connect to 8 neighbours and background pixels to 4; `4/8` is the reverse.
 * Background that touches the image's border is no hole. Columns `beta0` and `beta1` are the two terms.
 * Multi-class: all three are means over the classes that prediction or target hold. 0 where both masks are empty.
 */
export const betti = defineLoss({
  id: 'betti',
  family: 'mask',
  better: 'lower',
  summary: 'Betti error: differences in the numbers of pieces and holes',
  formula: '|beta0(pred) - beta0(target)| + |beta1(pred) - beta1(target)|',
  range: 'from 0, which masks of the same topology have; whole numbers',
  unit: 'pieces and holes',
  use: 'How many pieces and holes are too many or missing: breaks, false bridges, specks. It compares numbers, not places, so read it with dice or cl-dice.',
  reference: 'Hu, Li, Samaras, Chen 2019, Topology-preserving deep image segmentation; here of the whole image',
  undefinedWhen: 'no pixel is valid; 0 where both masks are empty',
  inputs: maskInputs,
  optionalInputs: {ignore: 'labels'},
  objective: 'itself',
  options: z.strictObject({
    ...maskOptions,
    ...backgroundOption,
    connectivity: z
      .enum(['8/4', '4/8'])
      .default('8/4')
      .describe('neighbours that foreground pixels connect to / that background pixels, and so holes, connect to'),
  }),
  create(options, context) {
    const connectivity = options.connectivity === '8/4' ? 8 : 4;
    return classMaskLoss(context, {
      options,
      better: 'lower',
      parts: ['beta0', 'beta1'],
      bothEmpty: 0,
      cells({pred, target, height, width}) {
        const of = (mask: Uint8Array) => bettiNumbers(mask, height, width, connectivity);
        const [found, truth] = [of(pred), of(target)];
        const beta0 = Math.abs(found.beta0 - truth.beta0);
        const beta1 = Math.abs(found.beta1 - truth.beta1);
        return {'': beta0 + beta1, beta0, beta1};
      },
    });
  },
});
