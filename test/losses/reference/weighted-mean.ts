import type {PlainSample} from './sample.js';

/** Σ w·e(x − y) over pixels and channels / (channels · Σ w), pixels of weight 0 left out; 0/0 is NaN. */
export function weightedMean(sample: PlainSample, error: (difference: number) => number): number {
  const {pred, target, weight, channels} = sample;
  let sum = 0;
  let total = 0;
  for (let p = 0; p < weight.length; p++) {
    const w = weight[p] as number;
    if (w === 0) continue;
    for (let c = 0; c < channels; c++) {
      const i = p * channels + c;
      sum += w * error((pred[i] as number) - (target[i] as number));
      total += w;
    }
  }
  return sum / total;
}
