import {DisjointSets} from './disjoint-sets.js';
import {RowRuns} from './row-runs.js';

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
 * Union-find (Rosenfeld and Pfaltz, "Sequential operations in digital picture processing", 1966) of the rows' runs, of
 * which there are far fewer than pixels.
 */
export function connectedComponents(
  labels: ArrayLike<number>,
  height: number,
  width: number,
  connectivity: 4 | 8,
): Components {
  const ids = new Int32Array(height * width);
  const runs = new DisjointSets();
  let [above, row] = [new RowRuns(width), new RowRuns(width)];
  for (let y = 0; y < height; y++) {
    row.read(labels, y * width, runs.size);
    runs.add(row.count);
    row.eachTouch(above, connectivity === 8, (run, other) => runs.join(run, other));
    row.paint(ids, y * width);
    [above, row] = [row, above];
  }
  const {numbers, count} = numbered(runs);
  for (let i = 0; i < ids.length; i++) if (ids[i]) ids[i] = numbers[(ids[i] as number) - 1] as number;
  return {ids, count};
}

/** The component of every run. Runs are met in the order of pixels, and a set's first one before its others. */
function numbered(runs: DisjointSets): {numbers: Int32Array; count: number} {
  const numbers = new Int32Array(runs.size);
  let count = 0;
  for (let run = 0; run < numbers.length; run++) {
    const first = runs.find(run);
    numbers[run] = first === run ? ++count : (numbers[first] as number);
  }
  return {numbers, count};
}
