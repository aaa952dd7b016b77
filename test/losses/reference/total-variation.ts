import type {Options, PlainSample} from './sample.js';

/**
 * Forward differences of x alone, zero past the edge and where either pixel is ignored:
 * Σ w(|dx| + |dy|), Σ w√(dx² + dy²) or Σ w(dx² + dy²); `mean` divides by channels · Σ w.
 */
export function totalVariation(sample: PlainSample, options: Options): number {
  const {channels, weight} = sample;
  let sum = 0;
  let total = 0;
  for (let p = 0; p < weight.length; p++) {
    const w = weight[p] as number;
    if (w === 0) continue;
    for (let c = 0; c < channels; c++) {
      sum += w * variation(horizontal(sample, p, c), vertical(sample, p, c), options.mode);
      total += w;
    }
  }
  if (total === 0) return NaN;
  return options.reduction === 'mean' ? sum / total : sum;
}

function variation(dx: number, dy: number, mode: unknown): number {
  if (mode === 'squared') return dx * dx + dy * dy;
  if (mode === 'isotropic') return Math.sqrt(dx * dx + dy * dy);
  return Math.abs(dx) + Math.abs(dy);
}

function horizontal({width, channels, pred, ignored}: PlainSample, p: number, c: number): number {
  if (p % width === width - 1 || ignored[p] || ignored[p + 1]) return 0;
  return (pred[(p + 1) * channels + c] as number) - (pred[p * channels + c] as number);
}

function vertical({height, width, channels, pred, ignored}: PlainSample, p: number, c: number): number {
  if (p >= (height - 1) * width || ignored[p] || ignored[p + width]) return 0;
  return (pred[(p + width) * channels + c] as number) - (pred[p * channels + c] as number);
}
