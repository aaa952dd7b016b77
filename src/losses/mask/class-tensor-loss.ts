import type {Tensor, Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Cell, Direction} from '../../rows/row.js';
import type {BatchCells, LossContext, LossInstance, TensorLibrary} from '../contract.js';
import {inForm} from '../form.js';
import {meanOfMap} from '../pixel-map.js';
import type {Batch, SampleViews, ViewOptions} from '../sample-contract.js';
import {sumPerSample, tensorLoss} from '../tensor-loss.js';
import type {ClassChannel} from './class-channels.js';
import {type ClassShares, classShareMap} from './class-tensor-map.js';
import {distinctColumns} from './count-columns.js';

/** What every prepared sample of such a loss says. */
export interface PreparedClasses {
  /** By channel in order: whether the class has a value. */
  readonly defined: readonly boolean[];
  /** Why the loss has none, where no class has one. */
  readonly reason: string;
}

/** A loss with a value a class, given as a tensor program and, for the CPU, in float64. */
export interface ClassTensorFormula<Prepared extends PreparedClasses> {
  readonly view: ViewOptions;
  readonly better: Direction;
  readonly form?: {readonly form: 'metric' | 'loss'};
  /** The classes that have a value, in the order of the feeds' channels. */
  readonly channels: readonly ClassChannel[];
  /** Maps of the image's size a class that live at once in `values`. */
  readonly maps: number;
  /** Reads and checks a sample; called once for each. Throws SampleError where its files make no sense. */
  prepare(sample: SampleViews): Prepared;
  /** The tensors that `values` takes; finite where a class has no value. */
  feed(batch: Batch, prepared: (sample: SampleViews) => Prepared): Record<string, Tensor4D>;
  /** The value of every sample and class, `[n, classes]`. */
  values(feeds: Record<string, Tensor4D>): Tensor2D;
  /** The value of the k-th class in float64. Asked only where it has one. */
  value(prepared: Prepared, k: number): number;
  /** What each pixel adds to that, where it is a sum over pixels. */
  readonly shares?: ClassShares<Prepared>;
}

/**
 * Makes the loss. Its value is the mean over the classes that have one; the column of a class without one is `n/a`.
 */
export function classTensorLoss<Prepared extends PreparedClasses>(
  context: LossContext,
  formula: ClassTensorFormula<Prepared>,
): LossInstance {
  const {view, better, form = {form: 'metric'}, channels, maps, shares} = formula;
  const {tf} = context;
  const known = new WeakMap<SampleViews, Prepared>();
  const prepared = (sample: SampleViews): Prepared => {
    const made = known.get(sample) ?? formula.prepare(sample);
    known.set(sample, made);
    return made;
  };
  const named = channels.flatMap(({name}, k) => (name === null ? [] : [{name, k}]));
  const instance = tensorLoss(context, {
    columns: distinctColumns(['', ...named.map(({name}) => name)].map((part) => ({part, better}))),
    view,
    feed: (batch) => ({
      ...formula.feed(batch, prepared),
      // Summed over its map: 1 where a class has a value.
      defined: batch.fill('defined', channels.length, (sample, out) => {
        out.set(prepared(sample).defined.map(Number));
      }),
    }),
    forward(feeds) {
      const {defined: marks, ...rest} = feeds as Record<string, Tensor4D>;
      const defined = tf.sum(marks as Tensor4D, [1, 2]);
      const has = tf.greater(defined, 0);
      const raw = formula.values(rest);
      const values = form.form === 'metric' ? raw : tf.sub(1, raw);
      const total = tf.sum(tf.where(has, values, 0), 1);
      const columns = tf.where<Tensor>(has, values, Number.NaN);
      return {
        '': tf.div(total, tf.sum(defined, 1)) as Tensor1D,
        ...Object.fromEntries(
          named.map(({name, k}) => [name, tf.reshape(tf.slice(columns, [0, k], [-1, 1]), [-1]) as Tensor1D]),
        ),
      };
    },
    undefinedReason: (batch, index) => reasonOf(prepared(batch.samples[index] as SampleViews)),
  });
  return {
    ...instance,
    memory: (height, width) => 4 * maps * channels.length * height * width,
    async perSample(batch): Promise<BatchCells> {
      const cells = await instance.perSample(batch);
      const absent = named.map(({name, k}) => [
        name,
        batch.samples.map((sample, i) =>
          prepared(sample).defined[k] ? ((cells[name] as readonly Cell[])[i] as Cell) : 'n/a',
        ),
      ]);
      return {...cells, ...Object.fromEntries(absent)};
    },
    ...(shares && {
      pixelMap: {
        shows: shares.shows,
        better: 'lower' as const,
        value: meanOfMap,
        of: (sample) => classShareMap(sample, prepared(sample), shares),
      },
    }),
    fused(sample) {
      const made = prepared(sample);
      const values = made.defined.map((has, k) => (has ? inForm(formula.value(made, k), form) : null));
      const own = values.filter((value) => value !== null);
      const reason = reasonOf(made);
      return {
        '': reason ? {undefined: reason} : own.reduce((sum, value) => sum + value, 0) / own.length,
        ...Object.fromEntries(named.map(({name, k}) => [name, values[k] ?? 'n/a'])),
      };
    },
  };
}

/** Why the loss has no value; null when a class has one. */
function reasonOf({defined, reason}: PreparedClasses): string | null {
  return defined.includes(true) ? null : reason;
}

/** Σ over the pixels of `[n, h, w, classes]`, as `[n, classes]`. */
export function sumPerClass(tf: TensorLibrary, maps: Tensor4D): Tensor2D {
  const [n, height, width, classes] = maps.shape;
  const rows = tf.reshape(tf.transpose(maps, [0, 3, 1, 2]), [n * classes, height * width]);
  return tf.reshape(sumPerSample(tf, rows), [n, classes]);
}
