/**
 * The taps of a Gaussian window: w_k ∝ exp(−(k − (size − 1)/2)² / 2σ²), summing to 1.
 * A square window is the outer product of these with themselves.
 */
export function gaussianWindow(size: number, sigma: number): Float64Array {
  const taps = Float64Array.from({length: size}, (_, k) => Math.exp(-((k - (size - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
