import type {Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Cell} from '../rows/row.js';
import type {BatchCells, LossColumn, LossContext, LossInstance, TensorLibrary, TensorProgram} from './contract.js';
import type {Batch, SampleViews, ViewOptions} from './sample-contract.js';

/** What a tensor loss is made of, beside its descriptor. */
export interface TensorLossParts extends TensorProgram {
  /** The columns that `forward` gives. */
  readonly columns: readonly LossColumn[];
  /** How its images are read. */
  readonly view: ViewOptions;
  /** Float32 maps of the image's size that live at once in `forward`; 8 unless the loss says otherwise. */
  readonly maps?: number;
  /** The reason of a NaN, where the loss knows better than "computed NaN". */
  undefinedReason?(batch: Batch, index: number): string | null;
}

/** Makes a loss from a tensor program: feeds it, runs it in a tidy, reads the values back. */
export function tensorLoss({tf}: LossContext, parts: TensorLossParts): LossInstance {
  const {columns, view, feed, forward, maps = 8} = parts;
  return {
    columns,
    view,
    program: {feed, forward},
    memory: (height, width, channels) => 4 * maps * height * width * channels,
    async perSample(batch): Promise<BatchCells> {
      const feeds = feed(batch);
      const outputs = tf.tidy(() => forward(feeds));
      try {
        const cells: Record<string, Cell[]> = {};
        for (const [part, tensor] of Object.entries(outputs)) {
          const values = await tensor.data();
          cells[part] = Array.from(values, (value, i) => {
            if (!Number.isNaN(value)) return value;
            const known = parts.undefinedReason?.(batch, i);
            return known ? {undefined: known} : cellOf(value, batch.samples[i] as SampleViews);
          });
        }
        return cells;
      } finally {
        tf.dispose(outputs);
      }
    },
  };
}

/** A computed number as a cell: NaN becomes undefined, with its reason. */
export function cellOf(value: number, sample: Pick<SampleViews, 'height' | 'width' | 'weights'>): Cell {
  if (!Number.isNaN(value)) return value;
  const none = sample.height * sample.width === 0 || sample.weights()?.every((weight) => weight === 0);
  return {undefined: none ? 'no valid pixel' : 'computed NaN'};
}

const BLOCK = 16;

/**
 * Sum over everything but the first axis, as `[n]`.
 * Blocks of 16 along the last axis, again and again: the wasm backend sums float32 naively, and over 10⁷
 * pixels in one go that is off by 1 %; in blocks the error stays under 1e-6 of Σ|x| (2e-6 with blocks of 64, no faster).
 */
export function sumPerSample(tf: TensorLibrary, x: Tensor): Tensor1D {
  const n = x.shape[0] as number;
  let length = x.size / n;
  if (length === 0) return tf.zeros([n]);
  let rest: Tensor = tf.reshape(x, [n, length]);
  while (length > 1) {
    const blocks = Math.ceil(length / BLOCK);
    const size = Math.min(BLOCK, length);
    const padding = blocks * size - length;
    if (padding > 0)
      rest = tf.pad(rest, [
        [0, 0],
        [0, padding],
      ]);
    rest = tf.sum(tf.reshape(rest, [n, blocks, size]), 2);
    length = blocks;
  }
  return tf.reshape(rest, [n]);
}

/**
 * Of an error map `[n, h, w, c]`, per sample: `sum` = Σ w·e and `count` = c·Σ w (Σ e and h·w·c without weights).
 * A pixel of weight 0 is left out whatever its error, NaN included.
 */
export function weightedSums(
  tf: TensorLibrary,
  errors: Tensor4D,
  weights: Tensor4D | null | undefined,
): {sum: Tensor1D; count: Tensor1D} {
  const [n, height, width, channels] = errors.shape;
  if (!weights) return {sum: sumPerSample(tf, errors), count: tf.fill([n], height * width * channels)};
  const weighted = tf.where(tf.greater(weights, 0), tf.mul(errors, weights), 0);
  return {sum: sumPerSample(tf, weighted), count: tf.mul(sumPerSample(tf, weights), channels)};
}

/**
 * Mean of an error map `[n, h, w, c]` per sample: Σ w·e / (c·Σ w), or the plain mean without weights.
 * 0/0, NaN, where no weight is left.
 */
export function weightedMean(tf: TensorLibrary, errors: Tensor4D, weights: Tensor4D | null | undefined): Tensor1D {
  const {sum, count} = weightedSums(tf, errors, weights);
  return tf.div(sum, count);
}
