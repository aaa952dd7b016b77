/**
 * The soft skeleton of a map, as the authors of clDice define it: S = relu(z − open(z)), then `iterations` times
 * z = erode(z), δ = relu(z − open(z)), S = S + relu(δ − S·δ). Erosion is the minimum over a pixel and its four side
 * neighbours, dilation the maximum over 3×3, open(z) = dilate(erode(z)); pixels beyond the image do not count.
 *
 * Shit, Paetzold et al., "clDice: a novel topology-preserving loss function for tubular structure segmentation" (2021), algorithm 1.
 */
export function softSkeleton(map: Float64Array, height: number, width: number, iterations: number): Float64Array {
  const skeleton = new Float64Array(map.length);
  const openings = new Float64Array(width);
  let current = map;
  let spare: Float64Array = new Float64Array(map.length);
  for (let step = 0; step <= iterations; step++) {
    const eroded = erode(current, height, width, spare);
    for (let y = 0; y < height; y++) {
      dilateRow(eroded, height, width, y, openings);
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        const delta = Math.max(0, (current[i] as number) - (openings[x] as number));
        const known = skeleton[i] as number;
        skeleton[i] = known + Math.max(0, delta - known * delta);
      }
    }
    // The caller's map is never written to.
    spare = current === map ? new Float64Array(step < iterations ? map.length : 0) : current;
    current = eroded;
  }
  return skeleton;
}

/** The minimum over the 4-neighbour cross. */
function erode(map: Float64Array, height: number, width: number, out: Float64Array): Float64Array {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      let least = map[i] as number;
      if (x > 0) least = Math.min(least, map[i - 1] as number);
      if (x < width - 1) least = Math.min(least, map[i + 1] as number);
      if (y > 0) least = Math.min(least, map[i - width] as number);
      if (y < height - 1) least = Math.min(least, map[i + width] as number);
      out[i] = least;
    }
  }
  return out;
}

/** The maximum over 3×3, of one row. */
function dilateRow(map: Float64Array, height: number, width: number, y: number, out: Float64Array): void {
  const above = Math.max(0, y - 1) * width;
  const own = y * width;
  const below = Math.min(height - 1, y + 1) * width;
  let left = -Infinity;
  let here = columnMax(map, above, own, below, 0);
  for (let x = 0; x < width; x++) {
    const right = x < width - 1 ? columnMax(map, above, own, below, x + 1) : -Infinity;
    out[x] = Math.max(left, here, right);
    left = here;
    here = right;
  }
}

function columnMax(map: Float64Array, above: number, own: number, below: number, x: number): number {
  return Math.max(map[above + x] as number, map[own + x] as number, map[below + x] as number);
}
