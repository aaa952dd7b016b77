import {LowerEnvelope} from './lower-envelope.js';

/** Squared Euclidean distances, in pixels, to the nearest pixels of the nearest and the second nearest instance. */
export interface NearestInstances {
  /** Infinity where there is no instance. */
  readonly nearest: Float64Array;
  /** Infinity where there are fewer than two instances. */
  readonly second: Float64Array;
}

/** The two nearest instances within each pixel's own column: id (0: none) and rows to it. */
interface ColumnInstances {
  readonly firstId: Int32Array;
  readonly firstRows: Int32Array;
  readonly secondId: Int32Array;
  readonly secondRows: Int32Array;
}

/**
 * Distances of every background pixel (id 0) to the two nearest instances; both 0 inside instances.
 *
 * Exact, and one pass for any number of instances: a column's nearest pixel that is not of instance a is the
 * nearest of its two nearest instances that is not a, so two candidates a column are enough for both distances.
 */
export function nearestInstances(ids: Int32Array, height: number, width: number): NearestInstances {
  const columns = columnInstances(ids, height, width);
  const nearest = new Float64Array(height * width);
  const second = new Float64Array(height * width);
  const envelope = new LowerEnvelope(width);
  for (let y = 0; y < height; y++) {
    const at = y * width;
    setHeights(envelope, columns, at, 0);
    const groups = new Map<number, number[]>();
    for (let x = 0; x < width; x++) {
      if (ids[at + x] !== 0) continue;
      nearest[at + x] = envelope.at(x);
      const site = envelope.sites[x] as number;
      append(groups, site < 0 ? 0 : (columns.firstId[at + site] as number), x);
    }
    for (const [id, pixels] of groups) {
      setHeights(envelope, columns, at, id);
      for (const x of pixels) second[at + x] = envelope.at(x);
    }
  }
  return {nearest, second};
}

function append(groups: Map<number, number[]>, id: number, x: number): void {
  const group = groups.get(id);
  if (group) group.push(x);
  else groups.set(id, [x]);
}

/** Makes the envelope of the row that begins at `at`, over every instance but `except` (0: none). */
function setHeights(envelope: LowerEnvelope, columns: ColumnInstances, at: number, except: number): void {
  const {firstId, firstRows, secondId, secondRows} = columns;
  for (let q = 0; q < envelope.length; q++) {
    const i = at + q;
    envelope.heights[q] =
      except !== 0 && firstId[i] === except ? squared(secondId, secondRows, i) : squared(firstId, firstRows, i);
  }
  envelope.update();
}

function squared(ids: Int32Array, rows: Int32Array, i: number): number {
  return ids[i] === 0 ? Infinity : (rows[i] as number) ** 2;
}

function columnInstances(ids: Int32Array, height: number, width: number): ColumnInstances {
  const size = height * width;
  const columns: ColumnInstances = {
    firstId: new Int32Array(size),
    firstRows: new Int32Array(size),
    secondId: new Int32Array(size),
    secondRows: new Int32Array(size),
  };
  for (let x = 0; x < width; x++) {
    sweep(ids, columns, x, width, 0, height);
    sweep(ids, columns, x, width, height - 1, -1);
  }
  return columns;
}

/** Offers every pixel of column x the two instances met last on the way from row `from` to before row `to`. */
function sweep(ids: Int32Array, columns: ColumnInstances, x: number, width: number, from: number, to: number): void {
  const step = to > from ? 1 : -1;
  let last = 0;
  let lastRow = 0;
  let before = 0;
  let beforeRow = 0;
  for (let y = from; y !== to; y += step) {
    const i = y * width + x;
    const id = ids[i] as number;
    if (id !== 0) {
      if (id !== last) {
        before = last;
        beforeRow = lastRow;
        last = id;
      }
      lastRow = y;
    }
    if (last !== 0) offer(columns, i, last, Math.abs(y - lastRow));
    if (before !== 0) offer(columns, i, before, Math.abs(y - beforeRow));
  }
}

/** Keeps the two nearest distinct instances of pixel i. */
function offer({firstId, firstRows, secondId, secondRows}: ColumnInstances, i: number, id: number, rows: number): void {
  if (firstId[i] === 0 || rows < (firstRows[i] as number)) {
    if (firstId[i] !== id) {
      secondId[i] = firstId[i] as number;
      secondRows[i] = firstRows[i] as number;
    }
    firstId[i] = id;
    firstRows[i] = rows;
  } else if (firstId[i] !== id && (secondId[i] === 0 || rows < (secondRows[i] as number))) {
    secondId[i] = id;
    secondRows[i] = rows;
  }
}
