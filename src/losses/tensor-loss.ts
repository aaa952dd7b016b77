import type {Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Cell} from '../rows/row.js';
import type {
  Batch,
  BatchCells,
  LossColumn,
  LossContext,
  LossInstance,
  TensorLibrary,
  TensorProgram,
  ViewOptions,
} from './contract.js';

/** What a tensor loss is made of, beside its descriptor. */
export interface TensorLossParts extends TensorProgram {
  readonly columns: readonly LossColumn[];
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
          cells[part] = Array.from(values, (value, i) =>
            Number.isNaN(value) ? {undefined: reason(parts, batch, i)} : value,
          );
        }
        return cells;
      } finally {
        tf.dispose(outputs);
      }
    },
  };
}

function reason(parts: TensorLossParts, batch: Batch, index: number): string {
  const known = parts.undefinedReason?.(batch, index);
  if (known) return known;
  const weights = batch.samples[index]?.weights();
  if (weights?.every((weight) => weight === 0)) return 'no valid pixel';
  return 'computed NaN';
}

const BLOCK = 64;

/**
 * Sum over everything but the first axis, as `[n]`.
 * Blocks of 64 along the last axis, again and again: the wasm backend sums float32 naively, and over 10⁷
 * pixels in one go that is off by 1 %; in blocks the error stays near 1e-7.
 */
export function sumPerSample(tf: TensorLibrary, x: Tensor): Tensor1D {
  const n = x.shape[0] as number;
  let length = x.size / n;
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
 * Mean of an error map `[n, h, w, c]` per sample: Σ w·e / (c·Σ w), or the plain mean without weights.
 * 0/0, NaN, where no weight is left.
 */
export function weightedMean(tf: TensorLibrary, errors: Tensor4D, weights: Tensor4D | null | undefined): Tensor1D {
  const [, height, width, channels] = errors.shape;
  if (!weights) return tf.div(sumPerSample(tf, errors), height * width * channels);
  return tf.div(sumPerSample(tf, tf.mul(errors, weights)), tf.mul(sumPerSample(tf, weights), channels));
}
