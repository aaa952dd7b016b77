import type {WeighedMasks} from './soft-counts.js';

/** The pixels of a class against all others, by probability. */
export interface Levels {
  /** The probabilities that occur, ascending. */
  readonly levels: Float64Array;
  /** Σ weights of the class's pixels at each level. */
  readonly positive: Float64Array;
  /** Σ weights of the other pixels at each level. */
  readonly negative: Float64Array;
}

/** Sorts the pixels that weigh something by their probability of a channel's class; n log n. */
export function levelsOf(masks: WeighedMasks, channel: number): Levels {
  const {channels, read, target, weights} = masks;
  const own = channels === 1 ? 1 : channel;
  const pixel = new Float64Array(channels);
  const scores = new Float64Array(weights.length);
  let count = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    read(i, pixel);
    scores[i] = pixel[channel] as number;
    count++;
  }
  const levels = distinct(scores.filter((_, i) => weights[i] !== 0).sort(), count);
  const positive = new Float64Array(levels.length);
  const negative = new Float64Array(levels.length);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    const sums = target[i] === own ? positive : negative;
    const at = indexOf(levels, scores[i] as number);
    sums[at] = (sums[at] as number) + weight;
  }
  return {levels, positive, negative};
}

function distinct(sorted: Float64Array, count: number): Float64Array {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const value = sorted[i] as number;
    if (i === 0 || value !== sorted[kept - 1]) sorted[kept++] = value;
  }
  return sorted.slice(0, kept);
}

function indexOf(levels: Float64Array, value: number): number {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((levels[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Σ of weights. */
export function totalOf(weights: Float64Array): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/**
 * Area under the ROC curve: the probability that a pixel of the class has a larger score than another one, ties by half
 * (Mann–Whitney U / (P·N)). NaN without pixels of both kinds.
 */
export function areaUnderRoc({levels, positive, negative}: Levels): number {
  let below = 0;
  let ordered = 0;
  for (let i = 0; i < levels.length; i++) {
    const other = negative[i] as number;
    ordered += (positive[i] as number) * (below + other / 2);
    below += other;
  }
  return ordered / (totalOf(positive) * below);
}

/** Average precision: Σ (R_n − R_{n−1})·P_n over the levels from high to low, without interpolation. NaN without a pixel of the class. */
export function averagePrecisionOf({levels, positive, negative}: Levels): number {
  let found = 0;
  let predicted = 0;
  let sum = 0;
  for (let i = levels.length - 1; i >= 0; i--) {
    const right = positive[i] as number;
    found += right;
    predicted += right + (negative[i] as number);
    if (right > 0) sum += (right * found) / predicted;
  }
  return sum / found;
}
