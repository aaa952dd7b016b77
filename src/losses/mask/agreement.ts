import {type ClassCounts, targetPixels} from './class-counts.js';

/** What prediction and target say of all classes, as far as their agreement needs it. */
export interface Agreement {
  /** Σ weights of the pixels with the right class. */
  readonly right: number;
  readonly pixels: number;
  /** Pixels predicted as each class, and of each class in the target; background first in a binary run. */
  readonly predicted: readonly number[];
  readonly target: readonly number[];
}

/** The marginals of the confusion matrix behind counts. */
export function agreementOf({classes, binary}: ClassCounts): Agreement {
  const [foreground] = classes;
  const both =
    binary && foreground
      ? [{...foreground, tp: foreground.tn, fp: foreground.fn, fn: foreground.fp}, foreground]
      : classes;
  const target = both.map(targetPixels);
  return {
    right: both.reduce((sum, {tp}) => sum + tp, 0),
    pixels: target.reduce((sum, count) => sum + count, 0),
    predicted: both.map(({tp, fp}) => tp + fp),
    target,
  };
}

/** Σ x·y. */
export function dot(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
}

/** How many of the counts are not 0. */
export function occupied(counts: readonly number[]): number {
  return counts.filter((count) => count > 0).length;
}
