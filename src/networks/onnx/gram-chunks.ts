/** Sums of this many products lose little in float32, and matrix products of this depth run at full speed. */
const BEST = 2048;

/**
 * Into how many parts of equal length the positions of an activation are cut for its Gram matrix: the parts' own Gram
 * matrices are float32, and their sum is float64. A sum of 262,144 products in float32 is off by 1e-6, which is
 * 1 % of the distance of two images that differ by 1 % of noise; cut so, it is off by 1e-8.
 * The length is the divisor of the number nearest to 2048 by ratio.
 */
export function gramChunks(positions: number): {readonly count: number; readonly length: number} {
  let length = 1;
  for (let divisor = 1; divisor * divisor <= positions; divisor++) {
    if (positions % divisor !== 0) continue;
    for (const candidate of [divisor, positions / divisor]) {
      if (ratio(candidate, BEST) < ratio(length, BEST)) length = candidate;
    }
  }
  return {count: positions / length, length};
}

function ratio(a: number, b: number): number {
  return Math.max(a / b, b / a);
}
