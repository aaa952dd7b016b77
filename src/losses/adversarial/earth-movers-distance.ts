import {sumOf} from '../../statistics/sum.js';

/** Scores and what each weighs; the weights sum to 1. */
export type WeightedScores = readonly {readonly score: number; readonly weight: number}[];

/**
 * The earth mover's distance between two distributions on the line, in O(n log n) and exact: ∫ |F − G|, F and G their
 * distribution functions (Vallender 1974, Calculation of the Wasserstein distance between probability distributions
 * on the line).
 */
export function earthMoversDistance(first: WeightedScores, second: WeightedScores): number {
  const steps = [
    ...first.map(({score, weight}) => ({score, step: weight})),
    ...second.map(({score, weight}) => ({score, step: -weight})),
  ].sort((a, b) => a.score - b.score);
  let height = 0;
  return sumOf(steps.length - 1, (i) => {
    const {score, step} = steps[i] as (typeof steps)[number];
    height += step;
    return Math.abs(height) * ((steps[i + 1] as (typeof steps)[number]).score - score);
  });
}
