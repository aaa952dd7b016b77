import type {Elements} from './elements.js';
import type {View} from './view.js';

/** Two images of equal shape, and which of their pixels count. */
export interface ImagePair {
  readonly pred: View<Elements>;
  readonly target: View<Elements>;
  /** 1 where a pixel is valid, length h·w; null when all are. */
  readonly valid: Uint8Array | null;
  /** The weight of each pixel, 0 where it is not valid, length h·w; null when all weigh the same. */
  readonly weights: Float32Array | null;
}

/** One row of two images, channels interleaved (`width · channels`), 0 where a pixel is not valid. */
export interface RowPair {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** 1 or 0 for each pixel (`width`). */
  readonly valid: Float64Array | null;
  readonly weight: Float64Array | null;
}

/** Room for a row of that shape. */
export function emptyRow(width: number, channels: number, {valid, weight}: {valid: boolean; weight: boolean}): RowPair {
  return {
    x: new Float64Array(width * channels),
    y: new Float64Array(width * channels),
    valid: valid ? new Float64Array(width) : null,
    weight: weight ? new Float64Array(width) : null,
  };
}

/**
 * The rows of two images from top to bottom, in float64, with `centre` subtracted from every value.
 * The same buffers are filled again for each row.
 */
export function* rowPairs({pred, target, valid, weights}: ImagePair, centre: number): Generator<RowPair> {
  const {height, width, channels} = pred;
  const row = emptyRow(width, channels, {valid: valid !== null, weight: weights !== null});
  for (let index = 0; index < height; index++) {
    readRow(pred, index, centre, row.x);
    readRow(target, index, centre, row.y);
    if (weights) row.weight?.set(weights.subarray(index * width, (index + 1) * width));
    if (valid && row.valid) {
      row.valid.set(valid.subarray(index * width, (index + 1) * width));
      clearInvalid(row.x, row.valid, channels);
      clearInvalid(row.y, row.valid, channels);
    }
    yield row;
  }
}

function readRow(
  {data, scale, offset, width, channels}: View<Elements>,
  index: number,
  centre: number,
  out: Float64Array,
): void {
  // `set` converts from any element type natively, so that the loop below sees float64 only.
  out.set(data.subarray(index * width * channels, (index + 1) * width * channels));
  const shift = offset - centre;
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * scale + shift;
}

function clearInvalid(values: Float64Array, valid: Float64Array, channels: number): void {
  for (let i = 0; i < values.length; i++) if (valid[Math.floor(i / channels)] === 0) values[i] = 0;
}
