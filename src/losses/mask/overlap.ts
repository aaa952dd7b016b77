import type {Counts} from './class-counts.js';

/**
 * How much of one mask is in the other: (k·tp + s) / (k·tp + α·fp + β·fn + s). Dice is k = 2, α = β = 1; IoU
 * k = α = β = 1; Tversky k = 1 with its own α and β; F-beta k = 1 + β², α = 1 with β² on false negatives.
 */
export interface Overlap {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  /** s: 0 for counted pixels. */
  readonly smooth: number;
}

export const DICE: Omit<Overlap, 'smooth'> = {tp: 2, fp: 1, fn: 1};
export const IOU: Omit<Overlap, 'smooth'> = {tp: 1, fp: 1, fn: 1};

/** The overlap of counted pixels: 0 where nothing is found, and NaN where there was nothing to find and nothing predicted. */
export function hardOverlap({tp, fp, fn}: Counts, of: Overlap): number {
  if (tp + fp + fn === 0) return Number.NaN;
  if (tp === 0) return 0;
  return (of.tp * tp) / (of.tp * tp + of.fp * fp + of.fn * fn);
}

/** One minus the overlap of probabilities, as (α·fp + β·fn) / (k·tp + α·fp + β·fn + s), so that no digit is lost near 0; NaN for 0/0. */
export function softDistance({tp, fp, fn}: Omit<Counts, 'tn'>, of: Overlap): number {
  const missed = of.fp * fp + of.fn * fn;
  return missed / (of.tp * tp + missed + of.smooth);
}
