import type {Positions} from './positions.js';

/** Added to a norm, as LPIPS does. */
const EPSILON = 1e-10;

/**
 * LPIPS's term of activations `[c, h, w]`, in float64: the mean over valid positions of
 * Σ_c w_c·(F_c/(‖F‖ + ε) − A_c/(‖A‖ + ε))², ‖·‖ over the channels of a position. NaN where no position is valid.
 */
export function unitDifference(
  x: Float32Array,
  y: Float32Array,
  weights: readonly number[],
  {height, width, valid, count}: Positions,
): number {
  if (count === 0) return Number.NaN;
  const positions = height * width;
  const scaleX = inverseNorms(x, positions, valid);
  const scaleY = inverseNorms(y, positions, valid);
  let total = 0;
  weights.forEach((weight, c) => {
    if (weight === 0) return;
    let squares = 0;
    for (let p = 0, i = c * positions; p < positions; p++, i++) {
      const difference = (x[i] as number) * (scaleX[p] as number) - (y[i] as number) * (scaleY[p] as number);
      squares += difference * difference;
    }
    total += weight * squares;
  });
  return total / count;
}

/** 1/(‖F‖ + ε) of each position, 0 where it is not valid. */
function inverseNorms(features: Float32Array, positions: number, valid: Uint8Array | null): Float64Array {
  const norms = new Float64Array(positions);
  for (let start = 0; start < features.length; start += positions) {
    for (let p = 0; p < positions; p++) {
      const value = features[start + p] as number;
      norms[p] = (norms[p] as number) + value * value;
    }
  }
  for (let p = 0; p < positions; p++) {
    norms[p] = valid?.[p] === 0 ? 0 : 1 / (Math.sqrt(norms[p] as number) + EPSILON);
  }
  return norms;
}
