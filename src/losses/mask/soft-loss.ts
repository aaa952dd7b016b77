import type {Tensor, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import type {Cell, Direction} from '../../rows/row.js';
import type {LossContext, LossInstance, TensorLibrary} from '../contract.js';
import {scoreView} from '../pixel/scores.js';
import type {SampleViews} from '../sample-contract.js';
import {tensorLoss} from '../tensor-loss.js';
import type {Counts} from './class-counts.js';
import {meanError, PROBABILITY_ERROR, probabilityMap} from './class-maps.js';
import {type CountName, countCells, countColumns, distinctColumns} from './count-columns.js';
import {type CountOptions, scoredClasses} from './count-loss.js';
import {softMasks} from './masks.js';
import {
  nothingWeighed,
  type SoftCountTensors,
  softCounts,
  softCountTensors,
  softFeeds,
  type WeighedMasks,
  weighMasks,
} from './soft-counts.js';

/** A loss that follows from sums of probabilities, in float64 and as tensors. */
export interface SoftScore {
  readonly better: Direction;
  /** The counts that a binary run carries as columns. */
  readonly binary: readonly CountName[];
  /** Whether each scored class has a column. */
  readonly classColumns: boolean;
  /** The value of the scored classes' counts (of a binary run the foreground's), and each class's; NaN where one does not exist. */
  value(counts: readonly Counts[]): {readonly mean: number; readonly classes: readonly number[]};
  /** The same as tensors `[n]`. */
  tensors(counts: SoftCountTensors): {readonly mean: Tensor; readonly classes: readonly Tensor[]};
  /** Why a value does not exist though pixels count. */
  readonly reason: string;
}

/** Makes the instance of such a loss, its columns those of `countLoss`. */
export function softLoss(context: LossContext, options: CountOptions, score: SoftScore): LossInstance {
  const {tf, classes} = context;
  const {better, binary, reason} = score;
  const named = scoredClasses(classes, options);
  const first = (classes?.length ?? 0) - named.length;
  const classParts = score.classColumns ? named.map(({name}) => name) : [];
  const known = new WeakMap<SampleViews, WeighedMasks>();
  const weighed = (sample: SampleViews): WeighedMasks => {
    const made = known.get(sample) ?? weighMasks(sample, softMasks(sample, options, classes));
    known.set(sample, made);
    return made;
  };
  const instance = tensorLoss(context, {
    columns: distinctColumns([
      {part: '', better},
      ...classParts.map((part) => ({part, better})),
      ...countColumns(classes, binary),
    ]),
    view: scoreView(options),
    feed: (batch) => softFeeds(tf, batch, options, weighed),
    forward(feeds) {
      const counts = softCountTensors(tf, feeds);
      const {mean, classes: values} = score.tensors(withoutFirst(tf, counts, first));
      const counted = tf.greater(columnTensor(tf, counts.pixels, 0), 0);
      const cell = (value: Tensor) => tf.where(counted, value, Number.NaN) as Tensor1D;
      return {
        '': cell(mean),
        ...Object.fromEntries(classParts.map((part, i) => [part, cell(values[i] as Tensor)])),
        ...countTensors(tf, counts, classes?.map(({name}) => name) ?? null, binary),
      };
    },
    undefinedReason: (batch, index) => nothingWeighed(weighed(batch.samples[index] as SampleViews)) ?? reason,
  });
  return {
    ...instance,
    // Probabilities and labels of every class, and a dozen maps made of them.
    memory: (height, width) => 4 * height * width * (14 * (classes?.length ?? 1) + 2),
    pixelMap: {
      shows: PROBABILITY_ERROR,
      better: 'lower',
      of: (sample) => probabilityMap(weighed(sample), meanError(first)),
    },
    fused(sample) {
      const masks = weighed(sample);
      const counts = softCounts(masks);
      const nothing = nothingWeighed(masks);
      const {mean, classes: values} = score.value(counts.slice(first));
      const cell = (value: number): Cell => {
        const why = nothing ?? (Number.isNaN(value) ? reason : null);
        return why === null ? value : {undefined: why};
      };
      return {
        '': cell(mean),
        ...Object.fromEntries(classParts.map((part, i) => [part, cell(values[i] as number)])),
        ...countCells({binary: !classes, classes: counts}, classes, binary),
      };
    },
  };
}

function withoutFirst(tf: TensorLibrary, counts: SoftCountTensors, first: number): SoftCountTensors {
  if (first === 0) return counts;
  const rest = (x: Tensor2D): Tensor2D => tf.slice(x, [0, first]);
  const {tp, fp, fn, tn, found, others, pixels} = counts;
  return {tp: rest(tp), fp: rest(fp), fn: rest(fn), tn: rest(tn), found: rest(found), others: rest(others), pixels};
}

function countTensors(
  tf: TensorLibrary,
  counts: SoftCountTensors,
  names: readonly string[] | null,
  binary: readonly CountName[],
): Record<string, Tensor1D> {
  if (!names) return Object.fromEntries(binary.map((name) => [name, columnTensor(tf, counts[name], 0)]));
  return Object.fromEntries(
    names.flatMap((name, c) =>
      (['tp', 'fp', 'fn'] as const).map((count) => [`${name}.${count}`, columnTensor(tf, counts[count], c)]),
    ),
  );
}

/** One column of `[n, k]`, as `[n]`. */
export function columnTensor(tf: TensorLibrary, x: Tensor2D, column: number): Tensor1D {
  return tf.reshape(tf.slice(x, [0, column], [-1, 1]), [x.shape[0]]);
}
