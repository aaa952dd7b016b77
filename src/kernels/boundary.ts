/**
 * 1 on the boundary map of a mask: pixels that differ from their right, lower or lower right neighbour. Neighbours
 * beyond the image do not count, so the image's edge is no boundary. The map of the BSDS and DAVIS benchmarks (seg2bmap).
 */
export function boundaryPixels(mask: Uint8Array, height: number, width: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++) {
    const last = y === height - 1;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const value = mask[i];
      const inside = x < width - 1;
      const differs =
        (inside && mask[i + 1] !== value) ||
        (!last && mask[i + width] !== value) ||
        (inside && !last && mask[i + width + 1] !== value);
      if (differs) out[i] = 1;
    }
  }
  return out;
}
