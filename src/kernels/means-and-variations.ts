/** Two images' maps of some channels, `[c, positions]`. */
export interface MapPair {
  readonly x: Float32Array | Float64Array;
  readonly y: Float32Array | Float64Array;
  readonly positions: number;
}

/** The weights of each channel's mean and of its variation, and what keeps the fractions from 0/0. */
export interface ChannelWeights {
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
  readonly epsilon: number;
}

/**
 * Σ_c α_c·(μ_x − μ_y)²/(μ_x² + μ_y² + ε) + β_c·Var(x − y)/(Var x + Var y + ε) in float64, means μ and population variances
 * over the positions, variances about means that were computed first.
 */
export function meansAndVariations({x, y, positions}: MapPair, {alpha, beta, epsilon}: ChannelWeights): number {
  let total = 0;
  for (let c = 0; c < alpha.length; c++) {
    const start = c * positions;
    const meanX = mean(x, start, positions);
    const meanY = mean(y, start, positions);
    let [ofX, ofY, ofBoth] = [0, 0, 0];
    for (let i = start; i < start + positions; i++) {
      const dx = (x[i] as number) - meanX;
      const dy = (y[i] as number) - meanY;
      ofX += dx * dx;
      ofY += dy * dy;
      ofBoth += (dx - dy) * (dx - dy);
    }
    total += ((alpha[c] as number) * (meanX - meanY) ** 2) / (meanX ** 2 + meanY ** 2 + epsilon);
    total += ((beta[c] as number) * ofBoth) / (ofX + ofY + epsilon * positions);
  }
  return total;
}

function mean(values: Float32Array | Float64Array, start: number, length: number): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += values[i] as number;
  return sum / length;
}
