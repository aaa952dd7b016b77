/** Two images' activations at one layer, `[c, h, w]` each, `positions` = h·w. */
export interface ActivationPair {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly positions: number;
}

/** Added to a norm, as LPIPS does. */
const EPSILON = 1e-10;

/** The mean over channels of (F − A)² at every position, in float64. */
export function squaredDifferences({x, y, positions}: ActivationPair): Float64Array {
  const out = new Float64Array(positions);
  const channels = x.length / positions;
  for (let i = 0, p = 0; i < x.length; i++, p = p + 1 === positions ? 0 : p + 1) {
    out[p] = (out[p] as number) + ((x[i] as number) - (y[i] as number)) ** 2;
  }
  return out.map((sum) => sum / channels);
}

/** Σ_c w_c·(F_c/(‖F‖ + 1e-10) − A_c/(‖A‖ + 1e-10))² at every position, ‖·‖ over its channels, in float64 (LPIPS). */
export function unitDifferences({x, y, positions}: ActivationPair, weights: readonly number[]): Float64Array {
  const [scaleX, scaleY] = [x, y].map((features) => inverseNorms(features, positions)) as [Float64Array, Float64Array];
  const out = new Float64Array(positions);
  weights.forEach((weight, c) => {
    for (let p = 0, i = c * positions; p < positions; p++, i++) {
      const difference = (x[i] as number) * (scaleX[p] as number) - (y[i] as number) * (scaleY[p] as number);
      out[p] = (out[p] as number) + weight * difference * difference;
    }
  });
  return out;
}

function inverseNorms(features: Float32Array, positions: number): Float64Array {
  const squares = new Float64Array(positions);
  for (let i = 0, p = 0; i < features.length; i++, p = p + 1 === positions ? 0 : p + 1) {
    squares[p] = (squares[p] as number) + (features[i] as number) ** 2;
  }
  return squares.map((sum) => 1 / (Math.sqrt(sum) + EPSILON));
}
