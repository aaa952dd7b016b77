import {LowerEnvelope} from './lower-envelope.js';

/** Height and width of a pixel. */
export type Spacing = readonly [row: number, column: number];

/**
 * Squared Euclidean distance of every pixel to the nearest pixel where `mask` is not 0, in pixels or in units of
 * `spacing`; Infinity everywhere when there is none. In pixels exact: sums of squares of integers. Row-major,
 * `height * width` long.
 *
 * Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8 (2012).
 */
export function squaredDistances(
  mask: ArrayLike<number>,
  height: number,
  width: number,
  [row, column]: Spacing = [1, 1],
): Float64Array {
  const out = new Float64Array(height * width);
  const columns = columnDistances(mask, height, width);
  const envelope = new LowerEnvelope(width);
  // Where a column has no set pixel, its distances are `height`.
  const squares = Float64Array.from({length: height + 1}, (_, rows) => ((rows * row) / column) ** 2).fill(Infinity, -1);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let x = 0; x < width; x++) envelope.heights[x] = squares[columns[start + x] as number] as number;
    envelope.update();
    for (let x = 0; x < width; x++) out[start + x] = envelope.at(x) * column * column;
  }
  return out;
}

/** Rows to the nearest set pixel of the same column, `height` where there is none. Swept row by row, as memory lies. */
function columnDistances(mask: ArrayLike<number>, height: number, width: number): Int32Array {
  const out = new Int32Array(height * width);
  for (let i = 0; i < out.length; i++) {
    const above = i < width ? height : (out[i - width] as number);
    out[i] = mask[i] ? 0 : Math.min(height, above + 1);
  }
  for (let i = out.length - width - 1; i >= 0; i--) {
    const below = (out[i + width] as number) + 1;
    if (below < (out[i] as number)) out[i] = below;
  }
  return out;
}
