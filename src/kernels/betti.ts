/** Betti numbers of a mask: its connected pieces, and its holes. */
export interface BettiNumbers {
  readonly beta0: number;
  readonly beta1: number;
}

/**
 * Betti numbers of a mask whose pixels connect to 8 or to 4 neighbours, and its background to the other number. A hole
 * is a piece of background that does not touch the image's border. Linear in pixels; memory for two rows and the runs.
 *
 * beta1 = beta0 − the Euler number, counted from 2×2 windows: Gray, "Local properties of binary images in two
 * dimensions", IEEE Transactions on Computers C-20 (1971).
 */
export function bettiNumbers(mask: Uint8Array, height: number, width: number, connectivity: 4 | 8): BettiNumbers {
  const beta0 = countComponents(mask, height, width, connectivity);
  return {beta0, beta1: beta0 - eulerNumber(mask, height, width, connectivity)};
}

/**
 * The number of connected components: runs of each row, joined with those that they touch in the row above. Union-find
 * over runs, since a mask has far fewer of them than pixels.
 */
function countComponents(mask: Uint8Array, height: number, width: number, connectivity: 4 | 8): number {
  const reach = connectivity === 8 ? 1 : 0;
  const runs = new RunSets();
  let above: Run[] = [];
  for (let y = 0; y < height; y++) {
    const row = runsOf(mask, y * width, width, runs);
    let first = 0;
    for (const run of row) {
      while (first < above.length && (above[first] as Run).end + reach <= run.start) first++;
      for (let k = first; k < above.length && (above[k] as Run).start < run.end + reach; k++) {
        runs.join(run.id, (above[k] as Run).id);
      }
    }
    above = row;
  }
  return runs.sets;
}

/** Set pixels of a row from `start` to before `end`. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly id: number;
}

function runsOf(mask: Uint8Array, offset: number, width: number, runs: RunSets): Run[] {
  const found: Run[] = [];
  for (let x = 0; x < width; x++) {
    if (!mask[offset + x]) continue;
    const start = x;
    while (x < width && mask[offset + x]) x++;
    found.push({start, end: x, id: runs.add()});
  }
  return found;
}

/** Disjoint sets of runs. */
class RunSets {
  sets = 0;
  private parents = new Int32Array(1024);
  private size = 0;

  add(): number {
    if (this.size === this.parents.length) {
      const larger = new Int32Array(2 * this.size);
      larger.set(this.parents);
      this.parents = larger;
    }
    this.parents[this.size] = this.size;
    this.sets++;
    return this.size++;
  }

  join(a: number, b: number): void {
    const rootA = this.root(a);
    const rootB = this.root(b);
    if (rootA === rootB) return;
    this.parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    this.sets--;
  }

  /** The root, halving the path on the way. */
  private root(start: number): number {
    const {parents} = this;
    let i = start;
    while (parents[i] !== i) {
      const grandparent = parents[parents[i] as number] as number;
      parents[i] = grandparent;
      i = grandparent;
    }
    return i;
  }
}

/** Components less holes: a quarter of (windows of one pixel − windows of three ± 2 · windows of a diagonal). */
function eulerNumber(mask: Uint8Array, height: number, width: number, connectivity: 4 | 8): number {
  const contributions = QUADS.map(({ones, diagonal}) => {
    if (diagonal) return connectivity === 4 ? 2 : -2;
    return ones === 1 ? 1 : ones === 3 ? -1 : 0;
  });
  let quarters = 0;
  for (let y = 0; y <= height; y++) {
    const [upper, lower] = [(y - 1) * width, y * width];
    let window = 0;
    for (let x = 0; x <= width; x++) {
      // Two bits a column: its upper and its lower pixel.
      window = (window << 2) & 0b1100;
      if (x < width && y > 0 && mask[upper + x]) window |= 0b10;
      if (x < width && y < height && mask[lower + x]) window |= 0b01;
      quarters += contributions[window] as number;
    }
  }
  return quarters / 4;
}

const QUADS = Array.from({length: 16}, (_, window) => ({
  ones: [1, 2, 4, 8].filter((bit) => window & bit).length,
  diagonal: window === 0b1001 || window === 0b0110,
}));
