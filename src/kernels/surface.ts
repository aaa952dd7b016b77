import {RowDistances, type Spacing} from './distance-transform.js';

/** 1 on the surface of a mask: its pixels with a side neighbour outside it; outside the image is outside the mask. */
export function surfacePixels(mask: Uint8Array, height: number, width: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++) {
    const edge = y === 0 || y === height - 1;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (!mask[i]) continue;
      const inner = !edge && x > 0 && x < width - 1;
      if (!(inner && mask[i - 1] && mask[i + 1] && mask[i - width] && mask[i + width])) out[i] = 1;
    }
  }
  return out;
}

/**
 * Squared Euclidean distance from every set pixel of `from`, in row order, to the nearest set pixel of `to`, in units
 * of `spacing`; Infinity when `to` is empty. Rows without a pixel of `from` cost nothing.
 */
export function squaredDistancesBetween(
  from: Uint8Array,
  to: Uint8Array,
  height: number,
  width: number,
  spacing: Spacing = [1, 1],
): Float64Array {
  const rows = new RowDistances(to, height, width, spacing);
  const out = new Float64Array(from.reduce((count, set) => count + set, 0));
  let next = 0;
  for (let y = 0; y < height; y++) {
    const row = from.subarray(y * width, (y + 1) * width);
    if (!row.includes(1)) continue;
    rows.moveTo(y);
    for (let x = 0; x < width; x++) if (row[x]) out[next++] = rows.at(x);
  }
  return out;
}
