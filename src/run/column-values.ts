import type {LossColumns} from '../losses/contract.js';
import {type Cell, isUndefinedValue} from '../rows/row.js';
import type {ColumnSummary} from '../rows/summary.js';
import type {Description} from '../statistics/describe.js';
import {GrowingFloat64} from '../statistics/growing.js';

/** One column of the rows added so far, eight bytes a row. */
export class ColumnValues {
  /** NaN stands where a row has no number, so that the columns of a loss stay side by side. */
  private readonly cells = new GrowingFloat64();
  private undefinedCount = 0;
  private concerned = 0;

  add(cell: Cell): void {
    if (isUndefinedValue(cell) || Number.isNaN(cell)) this.undefinedCount++;
    if (cell !== 'n/a') this.concerned++;
    this.cells.push(typeof cell === 'number' ? cell : Number.NaN);
  }

  get rows(): number {
    return this.cells.length;
  }

  /** The row's number, infinite or not; NaN when it has none. */
  at(row: number): number {
    return this.cells.at(row);
  }

  /** Every number, infinite or not, in row order; where every row has one, a view, valid until the next `add`. */
  numbers(): Float64Array {
    return chosen(this.cells.view(), (value) => !Number.isNaN(value));
  }

  /** Rows whose number lies within the bounds, and rows that the column concerns: undefined and failed ones too. */
  countWithin({min, max}: {readonly min: number | null; readonly max: number | null}): {within: number; rows: number} {
    const lies = (value: number) => (min === null || value >= min) && (max === null || value <= max);
    const within = this.cells.view().reduce((sum, value) => sum + (!Number.isNaN(value) && lies(value) ? 1 : 0), 0);
    return {within, rows: this.concerned};
  }

  /** Every finite number in row order; where all are, a view, valid until the next `add`. */
  finite(): Float64Array {
    return chosen(this.cells.view(), Number.isFinite);
  }

  /** The summary, given the description of the finite values. */
  summary(description: Description): ColumnSummary {
    const {mean: finiteMean, ...rest} = description;
    let count = 0;
    let infinite = 0;
    let common: number | null = null;
    for (const value of this.cells.view()) {
      if (Number.isNaN(value)) continue;
      count++;
      if (Number.isFinite(value)) continue;
      common = infinite === 0 || common === value ? value : null;
      infinite++;
    }
    // What infinite values have for a mean: their one value, or none when both signs occur.
    const mean = finiteMean ?? common;
    return {
      value: mean,
      count,
      undefined: this.undefinedCount,
      infinite,
      mean,
      ...rest,
    };
  }
}

/**
 * What the array's own filter gives, or the array itself where nothing is left out. That filter makes an object of every number
 * first, and of a million rows every copy of a column is eight megabytes.
 */
function chosen(values: Float64Array, isChosen: (value: number) => boolean): Float64Array {
  let length = 0;
  for (const value of values) if (isChosen(value)) length++;
  if (length === values.length) return values;
  const kept = new Float64Array(length);
  let at = 0;
  for (const value of values) if (isChosen(value)) kept[at++] = value;
  return kept;
}

/** A loss's columns for its own aggregates, see LossColumns; `keys` are those of the rows added. */
export function lossColumns(columns: ReadonlyMap<string, ColumnValues>, keys: Iterable<string>): LossColumns {
  const all = [...columns.values()];
  let known: Uint32Array | null = null;
  const complete = () => {
    known ??= Uint32Array.from(completeRows(all));
    return known;
  };
  const columnOf = (part: string) => {
    const column = columns.get(part);
    if (!column) throw new RangeError(`no column '${part}'; the loss has ${[...columns.keys()].join(', ')}`);
    return column;
  };
  return {
    parts: [...columns.keys()],
    column: (part) => Array.from(complete(), (row) => columnOf(part).at(row)),
    numbers: (part) => [...columnOf(part).numbers()],
    keys: (part) => [...keys].filter((_, row) => !Number.isNaN(columnOf(part).at(row))),
  };
}

/** The rows in which every column has a number. */
function* completeRows(columns: readonly ColumnValues[]): Generator<number> {
  const rows = columns[0]?.rows ?? 0;
  for (let row = 0; row < rows; row++) {
    if (!columns.some((column) => Number.isNaN(column.at(row)))) yield row;
  }
}
