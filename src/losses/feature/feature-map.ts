import {type Plane, stretch} from '../../kernels/stretch.js';
import type {FeatureTerm} from '../network-contract.js';
import {mapOfShares, type PixelMap} from '../pixel-map.js';
import type {SampleViews} from '../sample-contract.js';
import type {OwnTerm} from './feature-program.js';
import type {WeightedSum} from './weighted-sums.js';

/** A layer's term at every position of the layer. */
export interface LayerMap extends Plane {
  /** The column part of the term. */
  readonly part: string;
  /** 1 where a position counts; null when all do. */
  readonly mask: Uint8Array | null;
  /** Positions that count. */
  readonly count: number;
}

/** Whether a term is a mean over positions, and so has a map. */
export function hasMap({statistic}: FeatureTerm): boolean {
  return statistic === 'difference' || statistic === 'lpips';
}

/** The factor of every part in the loss, through sums of sums. */
export function factorsOf(sums: readonly WeightedSum[]): Readonly<Record<string, number>> {
  const factors: Record<string, number> = {'': 1};
  for (const {part, of} of sums.toReversed()) {
    for (const term of of) factors[term.part] = (factors[term.part] ?? 0) + (factors[part] ?? 0) * term.factor;
  }
  return factors;
}

/**
 * The terms of a loss over the image: each layer's, stretched over it, and the loss's own, by their factors, so that the
 * mean is the sum of the terms. NaN where no term has a position. A layer's positions are taken to share the image
 * evenly; what they see of it is wider, and overlaps.
 */
export function featureMap(
  sample: SampleViews,
  layers: readonly LayerMap[],
  own: PixelMap | null,
  factors: Readonly<Record<string, number>>,
  ownFactor: number,
): PixelMap {
  const {height, width} = sample;
  const pixels = height * width;
  const shares = new Float64Array(pixels);
  const counted = new Uint8Array(pixels);
  for (const {part, data, mask, count, ...shape} of layers) {
    const factor = ((factors[part] ?? 0) * data.length) / (count * pixels);
    const kept = mask ? data.map((value, i) => (mask[i] ? value : 0)) : data;
    const stretched = stretch({...shape, data: kept}, height, width).data;
    const seen = mask && stretch({...shape, data: Float64Array.from(mask)}, height, width).data;
    for (let i = 0; i < pixels; i++) {
      if (seen && (seen[i] as number) === 0) continue;
      shares[i] = (shares[i] as number) + factor * (stretched[i] as number);
      counted[i] = 1;
    }
  }
  if (own) addOwn(own, ownFactor, shares, counted);
  return mapOfShares(sample, shares, (i) => counted[i] === 1);
}

function addOwn({values, weights}: PixelMap, factor: number, shares: Float64Array, counted: Uint8Array): void {
  const weightOf = (i: number) => (Number.isNaN(values[i]) ? 0 : weights ? (weights[i] as number) : 1);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += weightOf(i);
  for (let i = 0; i < values.length; i++) {
    const weight = weightOf(i);
    if (weight === 0) continue;
    shares[i] = (shares[i] as number) + (factor * weight * (values[i] as number)) / total;
    counted[i] = 1;
  }
}

/** What the own term's map is multiplied by. */
export function ownFactor(
  {part, factor}: OwnTerm,
  sample: SampleViews,
  factors: Readonly<Record<string, number>>,
): number {
  return (factors[part] ?? 0) * (factor?.(sample) ?? 1);
}
