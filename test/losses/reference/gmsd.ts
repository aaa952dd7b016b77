import type {PlainSample, ReferenceForm} from './sample.js';

const C = 170;

/**
 * GMSD as its authors released it, from samples read with `color: luma8`: pixel by pixel, in float64.
 * A pixel of the map counts if the 3×3 blocks around it hold no ignored pixel, and weighs as its own block.
 */
export const gmsd: ReferenceForm = (sample, options) => {
  const [low, high] = (options.range as [number, number] | undefined) ?? [0, 1];
  const height = Math.ceil(sample.height / 2);
  const width = Math.ceil(sample.width / 2);
  const levels = (values: Float64Array) => values.map((value) => Math.round((255 * (value - low)) / (high - low)));
  const [x, y] = [halve(sample, levels(sample.pred)), halve(sample, levels(sample.target))];
  const map: {value: number; weight: number}[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [g, h] = [gradient(x, height, width, row, column), gradient(y, height, width, row, column)];
      const weight = mapWeight(sample, row, column);
      if (weight > 0) map.push({value: (2 * g * h + C) / (g * g + h * h + C), weight});
    }
  }
  const n = map.length;
  const total = map.reduce((sum, {weight}) => sum + weight, 0);
  const mean = map.reduce((sum, {value, weight}) => sum + value * weight, 0) / total;
  const variance = map.reduce((sum, {value, weight}) => sum + weight * (value - mean) ** 2, 0) / total;
  return n < 2 ? Number.NaN : Math.sqrt((variance * n) / (n - 1));
};

function halve({height, width}: PlainSample, values: Float64Array): number[] {
  const at = (row: number, column: number) =>
    row < height && column < width ? (values[row * width + column] as number) : 0;
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  return Array.from({length: rows * columns}, (_, i) => {
    const [row, column] = [2 * Math.floor(i / columns), 2 * (i % columns)];
    return (at(row, column) + at(row + 1, column) + at(row, column + 1) + at(row + 1, column + 1)) / 4;
  });
}

function gradient(map: readonly number[], height: number, width: number, row: number, column: number): number {
  const at = (dy: number, dx: number) => {
    const [y, x] = [row + dy, column + dx];
    return y >= 0 && y < height && x >= 0 && x < width ? (map[y * width + x] as number) : 0;
  };
  const across = (at(-1, 1) + at(0, 1) + at(1, 1) - at(-1, -1) - at(0, -1) - at(1, -1)) / 3;
  const down = (at(1, -1) + at(1, 0) + at(1, 1) - at(-1, -1) - at(-1, 0) - at(-1, 1)) / 3;
  return Math.hypot(across, down);
}

function mapWeight({height, width, ignored, weight}: PlainSample, row: number, column: number): number {
  for (let y = Math.max(0, 2 * row - 2); y < Math.min(height, 2 * row + 4); y++) {
    for (let x = Math.max(0, 2 * column - 2); x < Math.min(width, 2 * column + 4); x++) {
      if (ignored[y * width + x]) return 0;
    }
  }
  const block: number[] = [];
  for (let y = 2 * row; y < Math.min(height, 2 * row + 2); y++) {
    for (let x = 2 * column; x < Math.min(width, 2 * column + 2); x++) block.push(weight[y * width + x] as number);
  }
  return block.reduce((sum, value) => sum + value, 0) / block.length;
}
