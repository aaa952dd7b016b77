import {IGNORED, type Labels} from '../pixel/class-labels.js';
import type {SampleViews} from '../sample-contract.js';
import {eachRun} from './label-runs.js';
import type {HardMasks} from './masks.js';

/** Pixels by what prediction and target say of one class, each counted with its weight. */
export interface Counts {
  /** Predicted as the class, and of it. */
  readonly tp: number;
  /** Predicted as the class, and not of it. */
  readonly fp: number;
  /** Of the class, and predicted as another. */
  readonly fn: number;
  /** Neither. */
  readonly tn: number;
}

/** The counts of a sample or a dataset: one entry a class; of a binary run one, the foreground's. */
export interface ClassCounts {
  readonly classes: readonly Counts[];
  readonly binary: boolean;
}

/** Counts the valid pixels of two label maps; a pixel counts with its weight, one of weight 0 not at all. */
export function countPixels(sample: SampleViews, masks: HardMasks): ClassCounts {
  const weights = sample.weights();
  const known = weights ? undefined : unweighted.get(masks);
  const counts = known ?? countRuns(masks, weights);
  if (!weights) unweighted.set(masks, counts);
  return counts;
}

/** Counts that several losses share. */
const unweighted = new WeakMap<HardMasks, ClassCounts>();

function countRuns(masks: HardMasks, weights: Float32Array | null): ClassCounts {
  const tally = new Tally(masks.classes?.length ?? null);
  tally.add(masks, weights);
  return tally.counts();
}

/** Counts of masks that come in parts, of so many classes; null for a binary run. */
export class Tally {
  readonly #tp: Float64Array;
  readonly #fp: Float64Array;
  readonly #fn: Float64Array;

  constructor(private readonly classes: number | null) {
    const size = classes ?? 2;
    this.#tp = new Float64Array(size);
    this.#fp = new Float64Array(size);
    this.#fn = new Float64Array(size);
  }

  add(masks: HardMasks, weights: Float32Array | null): void {
    const {width} = masks;
    const [tp, fp, fn] = [this.#tp, this.#fp, this.#fn];
    eachRun(masks, (truth, said, y, from, to) => {
      const weight = weights ? sumOfRun(weights, y * width + from, y * width + to) : to - from;
      if (said === truth) {
        tp[truth] = (tp[truth] as number) + weight;
        return;
      }
      fp[said] = (fp[said] as number) + weight;
      fn[truth] = (fn[truth] as number) + weight;
    });
  }

  counts(): ClassCounts {
    const [tp, fp, fn] = [this.#tp, this.#fp, this.#fn];
    if (this.classes !== null) return {binary: false, classes: countsOf(tp, fp, fn)};
    const [tn = 0, found = 0] = tp;
    return {binary: true, classes: [{tp: found, fp: fp[1] as number, fn: fn[1] as number, tn}]};
  }
}

function sumOfRun(weights: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += weights[i] as number;
  return sum;
}

/** The counts of several classes that share their pixels; what is not of a class and not predicted as it follows from the others. */
export function countsOf(tp: ArrayLike<number>, fp: ArrayLike<number>, fn: ArrayLike<number>): Counts[] {
  const size = tp.length;
  // Σ over the other classes from both sides, so that a class without others has exactly 0 of them.
  const before = new Float64Array(size + 1);
  const after = new Float64Array(size + 1);
  const pixels = (c: number) => (tp[c] as number) + (fn[c] as number);
  for (let c = 0; c < size; c++) before[c + 1] = (before[c] as number) + pixels(c);
  for (let c = size - 1; c >= 0; c--) after[c] = (after[c + 1] as number) + pixels(c);
  return Array.from({length: size}, (_, c) => {
    const others = (before[c] as number) + (after[c + 1] as number);
    const wrong = fp[c] as number;
    return {tp: tp[c] as number, fp: wrong, fn: fn[c] as number, tn: Math.max(0, others - wrong)};
  });
}

/** Σ weights of the pixels that are of the class. */
export function targetPixels({tp, fn}: Counts): number {
  return tp + fn;
}

/** Σ weights of all pixels. */
export function allPixels({classes, binary}: ClassCounts): number {
  if (binary) return classes.reduce((sum, {tp, fp, fn, tn}) => sum + tp + fp + fn + tn, 0);
  return classes.reduce((sum, counts) => sum + targetPixels(counts), 0);
}

/** Whether the class is in the prediction or in the target. */
export function isPresent({tp, fp, fn}: Counts): boolean {
  return tp + fp + fn > 0;
}

/** Why nothing can be said of a sample whose pixels are all left out. */
export const NO_VALID_PIXEL = 'no valid pixel';

/** Why nothing can be said of a sample whose pixels weigh nothing. */
export function nothingCounted(target: Labels): string {
  return target.every((label) => label === IGNORED) ? NO_VALID_PIXEL : 'the weights of the valid pixels sum to 0';
}
