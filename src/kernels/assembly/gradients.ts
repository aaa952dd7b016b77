// Gradient magnitude similarity, see ../gradient-similarity.ts.

/** The 2×2 means of whole levels, level = element·scale + offset, from two rows of float64: `length` of them. */
export function halveLevels(top: usize, bottom: usize, length: usize, scale: f64, offset: f64, out: usize): void {
  for (let i: usize = 0; i < length; i++) {
    const at = i << 4;
    const sums = f64x2.add(levels(v128.load(top + at), scale, offset), levels(v128.load(bottom + at), scale, offset));
    store<f64>(out + (i << 3), 0.25 * (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)));
  }
}

// @ts-expect-error: decorator
@inline
function levels(elements: v128, scale: f64, offset: f64): v128 {
  return f64x2.nearest(f64x2.add(f64x2.mul(elements, f64x2.splat(scale)), f64x2.splat(offset)));
}

/** gx² + gy² of Prewitt's operator over 3, of two pixels whose left neighbours are at the addresses. */
// @ts-expect-error: decorator
@inline
function squaredGradients(above: usize, row: usize, below: usize): v128 {
  const a = v128.load(above);
  const c = v128.load(above, 16);
  const g = v128.load(below);
  const k = v128.load(below, 16);
  const across = f64x2.sub(f64x2.add(f64x2.add(c, v128.load(row, 16)), k), f64x2.add(f64x2.add(a, v128.load(row)), g));
  const down = f64x2.sub(
    f64x2.add(f64x2.add(g, v128.load(below, 8)), k),
    f64x2.add(f64x2.add(a, v128.load(above, 8)), c),
  );
  return f64x2.mul(f64x2.add(f64x2.mul(across, across), f64x2.mul(down, down)), f64x2.splat(1.0 / 9.0));
}

/**
 * (2·g·h + c) / (g² + h² + c) of a row, g and h the gradients' magnitudes of two images. The rows have a margin of one;
 * writes whole pairs.
 */
export function gradientSimilarity(
  xAbove: usize,
  xRow: usize,
  xBelow: usize,
  yAbove: usize,
  yRow: usize,
  yBelow: usize,
  length: usize,
  c: f64,
  out: usize,
): void {
  for (let at: usize = 0; at < length << 3; at += 16) {
    const g = squaredGradients(xAbove + at, xRow + at, xBelow + at);
    const h = squaredGradients(yAbove + at, yRow + at, yBelow + at);
    const product = f64x2.sqrt(f64x2.mul(g, h));
    const numerator = f64x2.add(f64x2.add(product, product), f64x2.splat(c));
    v128.store(out + at, f64x2.div(numerator, f64x2.add(f64x2.add(g, h), f64x2.splat(c))));
  }
}
