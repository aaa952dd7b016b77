import * as z from 'zod';
import {SampleError} from '../../errors.js';
import {defineLoss} from '../contract.js';
import {pixelWeightRoles} from '../view-options.js';
import {IGNORED, ignoreIndexOption, type Labels} from './class-labels.js';
import {addCounts, type Balancing, balancedWeights, datasetWeights, noCounts} from './class-weights.js';
import {instanceBorders} from './instance-borders.js';
import {type LabelledSample, labelledPixelLoss} from './labelled-pixels.js';
import type {PixelWeights} from './pixel-weights.js';
import {scoreOptions, scoreView} from './scores.js';

const options = z.strictObject({
  ...scoreOptions,
  ...ignoreIndexOption,
  class_weights: z
    .union([z.array(z.number().min(0)), z.enum(['balanced', 'median-frequency'])])
    .nullable()
    .default(null)
    .describe(
      'weight of each class: a list (background and foreground for scores of one channel), balanced (n / (K n_c)) or median-frequency (median f / f_c), over the classes present; null: 1',
    ),
  over: z
    .enum(['sample', 'dataset'])
    .default('sample')
    .describe('what balanced and median-frequency count: each target by itself, or all targets in a first pass'),
  normalize: z
    .enum(['weights', 'pixels'])
    .default('weights')
    .describe('divide the weighted sum by the sum of the weights, or by the number of valid pixels'),
  border: z
    .strictObject({
      w0: z.number().min(0).default(10).describe('height of the border weight'),
      sigma: z.number().positive().default(5).describe('its decay, in pixels'),
    })
    .nullable()
    .default(null)
    .describe(
      'U-Net border weight w0 exp(-(d1 + d2)^2 / (2 sigma^2)) added on background pixels, d1 and d2 the distances to the two nearest instances; null: none',
    ),
});

type Options = z.output<typeof options>;

/**
 * Cross-entropy with W = (w_class[y] + border)·weight on each pixel: ΣWℓ / ΣW (`normalize: weights`) or
 * ΣWℓ / valid pixels (`pixels`), ℓ the term of cross-entropy. Classes weigh by a list or by how rare they are;
 * `border` is U-Net's weight between close instances; `weight` is a map by role.
 */
export const weightedCrossEntropy = defineLoss({
  id: 'weighted-cross-entropy',
  family: 'pixel',
  better: 'lower',
  summary: 'Cross-entropy weighted by class, by nearness to instance borders, and by a weight map',
  formula:
    'sum(W (-ln p[label])) / sum(W), W = (class_weights[label] + border) weight; or / valid pixels; of probabilities, -ln is capped at -ln 1e-7 = 16.118',
  range: 'from 0 for certain and right',
  unit: 'nats',
  use: 'Where classes are rare (class_weights) or touching cells must be kept apart (border, as U-Net does).',
  reference:
    'Ronneberger et al. 2015, "U-Net", equations 1 and 2; Eigen and Fergus 2015, section 6.3.2 (median frequency)',
  undefinedWhen: 'no pixel is valid, the weights sum to 0 (normalize: weights), or a logit that counts is NaN',
  inputs: {pred: 'scores', target: 'labels'},
  optionalInputs: {...pixelWeightRoles, instances: 'instances'},
  objective: 'itself',
  options,
  create(chosen, context) {
    const {input, ignore_index, class_weights, over} = chosen;
    let overDataset: readonly number[] | null = null;
    const instance = labelledPixelLoss(context, {
      view: scoreView(chosen),
      shows: 'cross-entropy by weight',
      input,
      ignoreIndex: ignore_index,
      weigh: (labelled) => weigh(labelled, chosen, overDataset),
      tensor: (truth) => truth.minusLog(),
      value: (truth) => truth.minusLog(),
    });
    if (over === 'sample' || typeof class_weights !== 'string') return instance;
    return {
      ...instance,
      async prepare(dataset) {
        overDataset = await datasetWeights(dataset, class_weights, ignore_index);
        return {class_weights: overDataset} satisfies Prepared;
      },
      restore(prepared) {
        overDataset = (prepared as Prepared).class_weights;
      },
    };
  },
});

/** What the first pass over the dataset found. */
interface Prepared {
  readonly class_weights: readonly number[];
}

function weigh(labelled: LabelledSample, chosen: Options, overDataset: readonly number[] | null): PixelWeights {
  const {sample, labels} = labelled;
  const byClass = classWeights(labelled, chosen, overDataset);
  const border = chosen.border && instanceBorders(sample, labels, chosen.border);
  const map = sample.weights();
  const weights = new Float64Array(labels.length);
  let sum = 0;
  let valid = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label === IGNORED) continue;
    const weight = ((byClass[label] as number) + (border?.[i] ?? 0)) * (map?.[i] ?? 1);
    weights[i] = weight;
    sum += weight;
    valid += 1;
  }
  return {weights, total: chosen.normalize === 'weights' ? sum : valid, valid};
}

function classWeights(
  {labels, classes}: LabelledSample,
  {class_weights, over}: Options,
  overDataset: readonly number[] | null,
): readonly number[] {
  if (class_weights === null) return new Array<number>(classes).fill(1);
  if (typeof class_weights !== 'string') return checkLength(class_weights, classes);
  if (over === 'sample') return sampleWeights(labels, classes, class_weights);
  if (!overDataset) throw new TypeError('weighted-cross-entropy over the dataset needs prepare() first');
  return checkLength(overDataset, classes);
}

function sampleWeights(labels: Labels, classes: number, balancing: Balancing): readonly number[] {
  const counts = noCounts(classes);
  addCounts(counts, labels);
  return balancedWeights(counts, balancing);
}

function checkLength(weights: readonly number[], classes: number): readonly number[] {
  if (weights.length === classes) return weights;
  throw new SampleError(
    'class-weights',
    `class_weights has ${weights.length} entries, the scores tell ${classes} classes apart`,
  );
}
