import * as z from 'zod';
import {eachSetPixel} from '../../kernels/set-pixels.js';
import {skeletonize} from '../../kernels/skeleton.js';
import type {Cell} from '../../rows/row.js';
import {defineLoss} from '../contract.js';
import {betterIn, formOption, inForm, objectiveIn} from '../form.js';
import {classMaskLoss} from './class-mask-loss.js';
import type {MaskPair} from './class-masks.js';
import {backgroundOption, maskInputs, maskOptions} from './mask-options.js';
import {softClDice} from './soft-cl-dice.js';

/**
 * Centreline dice, for vessels, roads and other thin structures: 2·P·S / (P + S), topology precision P the share of
 * the prediction's skeleton that lies in the target, topology sensitivity S the share of the target's skeleton that
 * lies in the prediction.
 *
 * `mode: hard` thins both masks (Zhang and Suen's skeleton as scikit-image has it); 0 where P or S is 0, so where
 * exactly one mask is empty. `mode: soft` takes probabilities and soft skeletons of `iterations` steps, both shares
 * smoothed by `smooth`; multi-class, all classes then count, and with both masks empty the value is 1.
 */
export const clDice = defineLoss({
  id: 'cl-dice',
  family: 'mask',
  better: betterIn,
  summary: 'Centreline dice of thin structures, from skeletons',
  formula: '2 P S / (P + S), P = (sum(skel(x) y) + s) / (sum(skel(x)) + s), S the other way round; hard: s = 0',
  range: '0 to 1; 1 where each skeleton lies in the other mask',
  use: 'Vessels, roads, neurons: whether lines are found whole, whatever their thickness. Use betti to count the breaks.',
  reference:
    'Shit, Paetzold et al. 2021, clDice: a novel topology-preserving loss function for tubular structure segmentation; Zhang, Suen 1984',
  undefinedWhen: 'mode hard: both masks are empty; no pixel is valid',
  inputs: maskInputs,
  optionalInputs: {ignore: 'labels'},
  objective: objectiveIn,
  options: z.strictObject({
    ...maskOptions,
    ...backgroundOption,
    ...formOption,
    mode: z.enum(['hard', 'soft']).default('hard').describe('hard: masks and thinned skeletons; soft: probabilities'),
    iterations: z
      .int()
      .min(0)
      .max(1000)
      .default(3)
      .describe('mode soft: steps of the soft skeleton, at least the half width of the widest structure'),
    smooth: z.number().min(0).default(1).describe('mode soft: added to both sums of each share'),
  }),
  create(options, context) {
    if (options.mode === 'soft') return softClDice(options, context);
    return classMaskLoss(context, {
      options,
      better: betterIn(options),
      cells(pair) {
        const value = hardClDice(pair);
        return {'': typeof value === 'number' ? inForm(value, options) : value};
      },
    });
  },
});

function hardClDice({pred, target, height, width}: MaskPair): Cell {
  const precision = shareInside(skeletonize(pred, height, width), target);
  const sensitivity = shareInside(skeletonize(target, height, width), pred);
  // A share of 0 decides, whatever the other: that of an empty skeleton does not exist.
  if (precision === 0 || sensitivity === 0) return 0;
  if (Number.isNaN(precision + sensitivity)) return {undefined: 'a skeleton is empty'};
  return (2 * precision * sensitivity) / (precision + sensitivity);
}

/** The share of a skeleton's pixels that lie in a mask; NaN when it has none. */
function shareInside(skeleton: Uint8Array, mask: Uint8Array): number {
  let inside = 0;
  let all = 0;
  eachSetPixel(skeleton, (i) => {
    all++;
    inside += mask[i] as number;
  });
  return inside / all;
}
