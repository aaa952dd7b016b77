import {DisjointSets} from './disjoint-sets.js';
import {RowRuns} from './row-runs.js';
import {wordsOf} from './words.js';

/** Betti numbers of a mask: its connected pieces, and its holes. */
export interface BettiNumbers {
  readonly beta0: number;
  readonly beta1: number;
}

/**
 * Betti numbers of a mask of 0 and 1, whose pixels connect to 8 or to 4 neighbours, and its background to the other
 * number. A hole is a piece of background that does not touch the image's border. Linear in pixels; memory for two rows
 * and the runs.
 *
 * Both come from the graph of the rows' runs of pixels, joined where one touches a run of the row above. A run has no
 * hole, and two of them touch in one interval, so the mask is connected as the graph is: its pieces are the graph's, and
 * its holes the graph's independent cycles, which are the touches of runs that were already connected.
 * Runs: Di Zenzo, Cinque, Levialdi, "Run-based algorithms for binary image analysis and processing", IEEE TPAMI 18 (1996).
 */
export function bettiNumbers(mask: Uint8Array, height: number, width: number, connectivity: 4 | 8): BettiNumbers {
  const words = wordsOf(mask);
  const runs = new DisjointSets();
  let [above, row] = [new RowRuns(width), new RowRuns(width)];
  let beta0 = 0;
  let beta1 = 0;
  for (let y = 0; y < height; y++) {
    row.read(mask, y * width, runs.size, words);
    runs.add(row.count);
    beta0 += row.count;
    row.eachTouch(above, connectivity === 8, (run, other) => {
      if (runs.join(run, other)) beta0--;
      else beta1++;
    });
    [above, row] = [row, above];
  }
  return {beta0, beta1};
}
