import type {Spacing} from './distance-transform.js';
import {RowDistances} from './row-distances.js';
import {eachSetPixel} from './set-pixels.js';

/** 1 on the surface of a mask: its pixels with a side neighbour outside it; outside the image is outside the mask. */
export function surfacePixels(mask: Uint8Array, height: number, width: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (const i of surfaceIndices(mask, height, width)) out[i] = 1;
  return out;
}

/** The indices of those pixels, ascending. */
export function surfaceIndices(mask: Uint8Array, height: number, width: number): number[] {
  const found: number[] = [];
  eachSetPixel(mask, (i) => {
    const x = i % width;
    const inner = x > 0 && x < width - 1 && i >= width && i < (height - 1) * width;
    if (!(inner && mask[i - 1] && mask[i + 1] && mask[i - width] && mask[i + width])) found.push(i);
  });
  return found;
}

/**
 * Squared Euclidean distance from every set pixel of `from`, in row order, to the nearest set pixel of `to`, in units
 * of `spacing`; Infinity when `to` is empty.
 */
export function squaredDistancesBetween(
  from: Uint8Array,
  to: Uint8Array,
  height: number,
  width: number,
  spacing: Spacing = [1, 1],
): Float64Array {
  return squaredDistancesOf(setIndices(from), setIndices(to), height, width, spacing);
}

/** The same from and to pixels given by ascending indices. Linear in the pixels, and in those of rows with far ones. */
export function squaredDistancesOf(
  from: readonly number[],
  to: readonly number[],
  height: number,
  width: number,
  spacing: Spacing,
): Float64Array {
  const rows = new RowDistances(to, width, spacing);
  const out = new Float64Array(from.length);
  let next = 0;
  for (let y = 0; y < height; y++) {
    const [start, end] = [y * width, (y + 1) * width];
    rows.moveTo(y);
    while (next < from.length && (from[next] as number) < end) {
      out[next] = rows.at((from[next] as number) - start);
      next++;
    }
  }
  return out;
}

function setIndices(mask: Uint8Array): number[] {
  const found: number[] = [];
  eachSetPixel(mask, (i) => found.push(i));
  return found;
}
