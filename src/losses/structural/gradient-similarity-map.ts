import {SampleError} from '../../errors.js';
import type {PixelMap} from '../pixel-map.js';
import type {SampleViews} from '../sample-contract.js';

/** One channel. */
interface Plane {
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/**
 * Gradient magnitude similarity (2·g·h + c) / (g² + h² + c) of two images of levels, at every pixel of the halved images
 * (Xue 2014, equation 4), each value over the 2×2 pixels it was made of; 1 where the gradients are alike. NaN where an
 * ignored pixel takes part. GMSD is the standard deviation of these values, which no mean gives.
 */
export function gradientSimilarityMap(
  sample: SampleViews,
  levels: (role: string) => Float64Array,
  constant: number,
): PixelMap {
  const {height, width} = sample;
  const plane = (data: Float64Array): Plane => halve({height, width, data});
  const [x, y] = [plane(levels('pred')), plane(levels('target'))];
  if (x.data.length < 2) throw new SampleError('too-small', `the image is ${width}×${height}: nothing to compare`);
  const ignored = ignoredBlocks(sample);
  const similarity = x.data.map((_, i) => {
    if (ignored?.[i]) return Number.NaN;
    const [g, h] = [squaredGradient(x, i), squaredGradient(y, i)];
    return (2 * Math.sqrt(g * h) + constant) / (g + h + constant);
  });
  const values = new Float64Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++)
      values[row * width + column] = similarity[(row >> 1) * x.width + (column >> 1)] as number;
  }
  const weights = sample.weights();
  if (weights) for (let i = 0; i < values.length; i++) if (weights[i] === 0) values[i] = Number.NaN;
  return {height, width, values, weights};
}

/** 2×2 means at every second pixel, 0 past an odd edge. */
function halve(plane: Plane): Plane {
  const [height, width] = [Math.ceil(plane.height / 2), Math.ceil(plane.width / 2)];
  const data = new Float64Array(height * width);
  for (let row = 0; row < plane.height; row++) {
    for (let column = 0; column < plane.width; column++) {
      const at = (row >> 1) * width + (column >> 1);
      data[at] = (data[at] as number) + (plane.data[row * plane.width + column] as number) / 4;
    }
  }
  return {height, width, data};
}

/** gx² + gy² of the Prewitt operator over 3 at a pixel, zero border. */
function squaredGradient({height, width, data}: Plane, pixel: number): number {
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  const at = (r: number, c: number) =>
    r < 0 || c < 0 || r >= height || c >= width ? 0 : (data[r * width + c] as number);
  let [gx, gy] = [0, 0];
  for (const step of [-1, 0, 1]) {
    gx += at(row + step, column + 1) - at(row + step, column - 1);
    gy += at(row + 1, column + step) - at(row - 1, column + step);
  }
  return (gx / 3) ** 2 + (gy / 3) ** 2;
}

/** 1 where an ignored pixel lies in the 3×3 blocks of 2×2 pixels around a block; null when none is ignored. */
function ignoredBlocks(sample: SampleViews): Uint8Array | null {
  const valid = sample.valid();
  if (!valid?.includes(0)) return null;
  const {height, width} = sample;
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const blocks = new Uint8Array(rows * columns);
  for (let pixel = 0; pixel < valid.length; pixel++) {
    if (valid[pixel]) continue;
    const [row, column] = [Math.floor(pixel / width) >> 1, (pixel % width) >> 1];
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++)
      blocks.fill(1, r * columns + Math.max(0, column - 1), r * columns + Math.min(columns, column + 2));
  }
  return blocks;
}
