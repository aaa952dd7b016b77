/** Connected components of an image of labels. */
export interface Components {
  /** Row-major: 0 on the background, else the component's id, 1 … `count` in the order of their first pixels. */
  readonly ids: Int32Array;
  readonly count: number;
}

/**
 * Labels the components of equal, non-zero values: pixels connect to the 4 side neighbours, or to the 8 that
 * share a side or a corner. `labels` is row-major, `height * width` long; 0 is background.
 *
 * Union-find (Rosenfeld and Pfaltz, "Sequential operations in digital picture processing", 1966).
 */
export function connectedComponents(
  labels: ArrayLike<number>,
  height: number,
  width: number,
  connectivity: 4 | 8,
): Components {
  const parents = Int32Array.from({length: height * width}, (_, i) => i);
  const neighbours = EARLIER_NEIGHBOURS.slice(0, connectivity / 2);
  for (const [dx, dy] of neighbours) {
    for (let y = -dy; y < height; y++) {
      const from = Math.max(0, -dx);
      const to = width - Math.max(0, dx);
      for (let x = from; x < to; x++) {
        const i = y * width + x;
        const neighbour = i + dy * width + dx;
        if (labels[i] && labels[i] === labels[neighbour]) join(parents, i, neighbour);
      }
    }
  }
  return number(labels, parents);
}

/** The neighbours met before a pixel in row order: those that share a side, then those that share a corner. */
const EARLIER_NEIGHBOURS = [
  [-1, 0],
  [0, -1],
  [-1, -1],
  [1, -1],
] as const;

/** Gives every root its id. A root is the first pixel of its component, so it is met before the others. */
function number(labels: ArrayLike<number>, parents: Int32Array): Components {
  const ids = new Int32Array(parents.length);
  let count = 0;
  for (let i = 0; i < parents.length; i++) {
    if (!labels[i]) continue;
    const root = findRoot(parents, i);
    ids[i] = root === i ? ++count : (ids[root] as number);
  }
  return {ids, count};
}

function join(parents: Int32Array, a: number, b: number): void {
  const rootA = findRoot(parents, a);
  const rootB = findRoot(parents, b);
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}

/** The root, halving the path on the way. */
function findRoot(parents: Int32Array, start: number): number {
  let i = start;
  while (parents[i] !== i) {
    const grandparent = parents[parents[i] as number] as number;
    parents[i] = grandparent;
    i = grandparent;
  }
  return i;
}
