/** Neighbours clockwise from north: P2 … P9 of Zhang and Suen. */
const AROUND = [
  [-1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
  [1, 0],
  [1, -1],
  [0, -1],
  [-1, -1],
] as const;

/** Patterns P2 … P9 that scikit-image removes in other passes than the paper: none, the first, the second, or both. */
const CHANGED: Readonly<Record<string, readonly number[]>> = {
  '00011000': [],
  '00000011': [],
  '10000001': [1],
  '11000000': [1],
  '01100000': [1],
  '10100001': [1],
  '11100000': [1],
  '10000011': [1],
  '11000010': [1],
  '00001011': [1],
  '10000110': [1],
  '11000110': [1],
  '00110000': [2],
  '10110000': [2],
  '00111000': [2],
  '00001100': [2],
  '00101100': [2],
  '01101100': [2],
  '00011010': [2],
  '00000110': [2],
  '00001110': [2],
  '10100000': [1, 2],
  '00101000': [1, 2],
  '10000010': [1, 2],
  '00001010': [1, 2],
};

/** Zhang and Suen's thinning with scikit-image's changes, as the paper tells it: sweeps over the whole image until nothing goes. */
export function fullSweepSkeleton(mask: ArrayLike<number>, height: number, width: number): number[] {
  let image = Array.from(mask, Number);
  for (let changed = true; changed; ) {
    changed = false;
    for (const pass of [1, 2]) {
      const next = image.map((set, i) => (set && goes(neighbours(image, height, width, i), pass) ? 0 : set));
      changed ||= next.some((set, i) => set !== image[i]);
      image = next;
    }
  }
  return image;
}

function neighbours(image: readonly number[], height: number, width: number, i: number): number[] {
  return AROUND.map(([dy, dx]) => {
    const y = Math.floor(i / width) + dy;
    const x = (i % width) + dx;
    return y >= 0 && y < height && x >= 0 && x < width ? (image[y * width + x] as number) : 0;
  });
}

function goes(p: readonly number[], pass: number): boolean {
  const changed = CHANGED[p.join('')];
  if (changed) return changed.includes(pass);
  const b = p.reduce((sum, set) => sum + set, 0);
  const a = p.filter((set, k) => set === 0 && p[(k + 1) % 8] === 1).length;
  const [p2, , p4, , p6, , p8] = p as [number, number, number, number, number, number, number];
  if (b < 2 || b > 6 || a !== 1) return false;
  return pass === 1 ? p2 * p4 * p6 === 0 && p4 * p6 * p8 === 0 : p2 * p4 * p8 === 0 && p2 * p6 * p8 === 0;
}
