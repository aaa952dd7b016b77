import type {PixelMap} from '../losses/pixel-map.js';

/** A map at the size of a thumbnail. */
export interface SmallMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** A map whose longer side is at most `side`: each pixel the mean of those it covers that count, NaN where none does. */
export function shrinkMap({height, width, values}: PixelMap, side: number): SmallMap {
  const factor = Math.max(height, width) / side;
  if (factor <= 1) return {height, width, values: Float32Array.from(values)};
  const [rows, columns] = [height, width].map((length) => Math.max(1, Math.round(length / factor))) as [number, number];
  const sums = new Float64Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  const places = Uint32Array.from({length: width}, (_, column) => Math.floor((column * columns) / width));
  for (let row = 0; row < height; row++) {
    const to = Math.floor((row * rows) / height) * columns;
    for (let column = 0; column < width; column++) {
      const value = values[row * width + column] as number;
      if (Number.isNaN(value)) continue;
      const at = to + (places[column] as number);
      sums[at] = (sums[at] as number) + value;
      counts[at] = (counts[at] as number) + 1;
    }
  }
  return {height: rows, width: columns, values: Float32Array.from(sums, (sum, i) => sum / (counts[i] as number))};
}
