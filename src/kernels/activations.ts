import {dotProducts} from './row-products.js';

/** Where activations `[c, h, w]` are valid. */
export interface ValidPositions {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Length h·w; null where all are. */
  readonly valid: Uint8Array | null;
  /** How many are valid. */
  readonly count: number;
}

/** Mean over channels and valid positions of (x − y)² of activations `[c, h, w]`, in float64; NaN where none is valid. */
export function meanSquaredDifference(
  x: Float32Array,
  y: Float32Array,
  {channels, height, width, valid, count}: ValidPositions,
): number {
  const positions = height * width;
  let total = 0;
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let p = 0, i = c * positions; p < positions; p++, i++) {
      if (valid?.[p] === 0) continue;
      const difference = (x[i] as number) - (y[i] as number);
      sum += difference * difference;
    }
    total += sum;
  }
  return total / (channels * count);
}

/** F·Fᵀ `[c, c]` of activations `[c, h, w]`, the sum over their valid positions, in float64. */
export function gramMatrix(values: Float32Array, {channels, height, width, valid}: ValidPositions): Float64Array {
  const positions = height * width;
  const counted = Float64Array.from(values, (value, i) => (valid?.[i % positions] === 0 ? 0 : value));
  const rows = {values: counted, dimensions: positions, first: 0, count: channels};
  const gram = new Float64Array(channels * channels);
  dotProducts(rows, rows, gram);
  return gram;
}
