import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import type {Cell} from '../../rows/row.js';
import type {LossContext, LossInstance} from '../contract.js';
import {mapOfShares, meanOfMap} from '../pixel-map.js';
import type {Batch, SampleViews, ViewOptions} from '../sample-contract.js';
import {cellOf, sumPerSample, tensorLoss} from '../tensor-loss.js';
import {type PixelWeights, undefinedMean} from './pixel-weights.js';

/** A loss Σ w·e / total over pixels, its term e given as a tensor program and, for the CPU, pixel by pixel. */
export interface PixelMean<Prepared extends PixelWeights> {
  readonly view: ViewOptions;
  /** Bytes of tensors for one sample, `channels` those of the prediction. */
  memory(height: number, width: number, channels: number): number;
  /** Reads and checks a sample; called once for each. Throws SampleError where its files make no sense. */
  prepare(sample: SampleViews): Prepared;
  /** Σ w·e, Σ w and the number of valid pixels of a sample whose pixels need not be looked at one by one; null of another. */
  counted?(sample: SampleViews): (Omit<PixelWeights, 'weights'> & {readonly sum: number}) | null;
  /** The tensors that `terms` takes. Pixels without weight must get finite values, whatever the file holds there. */
  feed(batch: Batch, prepared: (sample: SampleViews) => Prepared): Record<string, Tensor>;
  /** The term of every pixel, `[n, h, w, 1]`. */
  terms(feeds: Record<string, Tensor>): Tensor4D;
  /** The term of one pixel, in float64. Asked only for pixels with a weight. */
  pixelTerm(prepared: Prepared): (pixel: number) => number;
  /** Whether a pixel has what the one before it has, and so the same term. */
  repeats?(prepared: Prepared): (pixel: number) => boolean;
  /** What its map shows, weights included: `cross-entropy`. */
  readonly shows: string;
}

/**
 * Makes the loss. The tensor program is fed each pixel's share w / total, divided in float64, so that it is
 * one product and one sum; shares are NaN, and with them the value, where the total is 0.
 */
export function pixelMean<Prepared extends PixelWeights>(
  context: LossContext,
  {view, memory, prepare, feed, terms, pixelTerm, repeats = () => never, counted, shows}: PixelMean<Prepared>,
): LossInstance {
  const {tf} = context;
  const known = new WeakMap<SampleViews, Prepared>();
  const prepared = (sample: SampleViews): Prepared => {
    const made = known.get(sample) ?? prepare(sample);
    known.set(sample, made);
    return made;
  };
  const instance = tensorLoss(context, {
    columns: [{part: '', better: 'lower'}],
    view,
    feed: (batch) => ({
      ...feed(batch, prepared),
      shares: batch.fill('shares', 1, (sample, out) => {
        const {weights, total} = prepared(sample);
        for (let i = 0; i < out.length; i++) out[i] = (weights[i] as number) / total;
      }),
    }),
    forward: ({shares, ...feeds}) => ({'': sumPerSample(tf, tf.mul(terms(feeds), shares as Tensor4D))}),
    undefinedReason: (batch, index) => undefinedMean(prepared(batch.samples[index] as SampleViews)),
  });
  return {
    ...instance,
    memory,
    fused(sample) {
      const counts = counted?.(sample);
      if (counts) return meanCell(counts, () => counts.sum, sample);
      const made = prepared(sample);
      return meanCell(made, () => weightedSum(made.weights, pixelTerm(made), repeats(made)), sample);
    },
    // Weights are part of these losses (rare classes, borders), so the map has what each pixel adds.
    pixelMap: {
      shows,
      better: 'lower',
      value: meanOfMap,
      of(sample) {
        const made = prepared(sample);
        const {weights, total} = made;
        const term = pixelTerm(made);
        const shares = Float64Array.from(weights, (weight, i) => (weight === 0 ? 0 : (weight * term(i)) / total));
        return mapOfShares(sample, shares, (i) => weights[i] !== 0);
      },
    },
  };
}

function meanCell(
  weights: Omit<PixelWeights, 'weights'>,
  sum: () => number,
  sample: SampleViews,
): Readonly<Record<string, Cell>> {
  const reason = undefinedMean(weights);
  return {'': reason ? {undefined: reason} : cellOf(sum() / weights.total, sample)};
}

/** Adds up run by run of pixels that repeat: neighbours in masks are mostly alike. */
function weightedSum(
  weights: PixelWeights['weights'],
  term: (pixel: number) => number,
  repeats: (pixel: number) => boolean,
): number {
  let sum = 0;
  let next = 0;
  while (next < weights.length) {
    const i = next++;
    let weight = weights[i] as number;
    if (weight === 0) continue;
    while (next < weights.length && repeats(next)) weight += weights[next++] as number;
    sum += weight * term(i);
  }
  return sum;
}

const never = () => false;
