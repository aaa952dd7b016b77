import * as z from 'zod';
import {UsageError} from '../../errors.js';
import {defineLoss, type LossColumn} from '../contract.js';
import {scoreView} from '../pixel/scores.js';
import {sampleLoss} from '../sample-loss.js';
import {pixelWeightRoles} from '../view-options.js';
import {binsOption, datasetLevels, levelCells, levelColumns} from './level-columns.js';
import {type Levels, levelsOf, totalOf} from './levels.js';
import {maskInputs} from './mask-options.js';
import {DICE, hardOverlap, IOU, type Overlap} from './overlap.js';
import {probabilityOptions, readProbabilities} from './probability-options.js';
import {nothingWeighed} from './soft-counts.js';

interface SweepOptions {
  readonly metric: 'dice' | 'iou' | 'f-beta';
  readonly beta: number;
}

/**
 * Threshold sweep of a binary run: the largest dice (or IoU, or F-beta) that any threshold gives, and in `threshold` the
 * one that gives it, the largest of equal ones. Foreground is p > threshold, as everywhere; tried are 0 and every
 * probability that occurs. With `bins` the aggregate has the best threshold of the whole dataset, `dataset_threshold`, and
 * its value from summed counts, `dataset`.
 */
export const bestThreshold = defineLoss({
  id: 'best-threshold',
  family: 'mask',
  better: 'higher',
  summary: 'The best dice (iou, f-beta) over all thresholds, and the threshold that gives it',
  formula: 'max over t of metric(p > t, target)',
  range: '0 to 1; 1 where one threshold gives the target',
  use: 'Which threshold to cut at, and what could be had with the right one. The best one of each image is an upper bound; choose one threshold on validation data.',
  reference: 'van Rijsbergen 1979, "Information Retrieval"; sklearn.metrics.precision_recall_curve for the sweep',
  undefinedWhen: 'the target has no foreground, or no pixel is valid or has a weight',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: 'one-minus',
  options: z.strictObject({
    ...probabilityOptions,
    metric: z.enum(['dice', 'iou', 'f-beta']).default('dice').describe('what is made as large as possible'),
    beta: z.number().positive().default(1).describe('of f-beta: how much more recall counts than precision'),
    ...binsOption,
  }),
  create(options, {classes}) {
    if (classes) {
      throw new UsageError(
        'CVL-C020',
        `best-threshold is for binary runs, this one has ${classes.length} classes, which are told apart by arg max: leave it out`,
      );
    }
    const columns: LossColumn[] = [
      {part: '', better: 'higher'},
      {part: 'threshold', better: 'none'},
      ...levelColumns(options.bins),
    ];
    return sampleLoss({
      columns,
      view: scoreView(options),
      cells(sample) {
        const masks = readProbabilities(sample, options, null);
        const levels = levelsOf(masks, 0);
        const best = bestOf(levels, options);
        const reason = nothingWeighed(masks) ?? 'no pixel in the target';
        return {
          '': best?.value ?? {undefined: reason},
          threshold: best?.threshold ?? {undefined: reason},
          ...levelCells(levels, options.bins),
        };
      },
    });
  },
  aggregate(columns, options) {
    if (options.bins === 0) return {};
    const best = bestOf(datasetLevels(columns, options.bins), options);
    return {dataset: best?.value ?? null, dataset_threshold: best?.threshold ?? null};
  },
});

function bestOf({levels, positive, negative}: Levels, options: SweepOptions) {
  const all = totalOf(positive);
  if (all === 0) return null;
  const overlap = overlapOf(options);
  // Above the largest level nothing is predicted.
  let best = {value: 0, threshold: levels[levels.length - 1] as number};
  let tp = 0;
  let fp = 0;
  for (let i = levels.length - 1; i >= 0; i--) {
    tp += positive[i] as number;
    fp += negative[i] as number;
    // No threshold of at least 0 makes foreground of a probability of 0.
    if (levels[i] === 0) break;
    const value = hardOverlap({tp, fp, fn: Math.max(0, all - tp), tn: 0}, overlap);
    if (value > best.value) best = {value, threshold: i === 0 ? 0 : (levels[i - 1] as number)};
  }
  return best;
}

function overlapOf({metric, beta}: SweepOptions): Overlap {
  if (metric === 'dice') return {...DICE, smooth: 0};
  if (metric === 'iou') return {...IOU, smooth: 0};
  return {tp: 1 + beta ** 2, fp: 1, fn: beta ** 2, smooth: 0};
}
