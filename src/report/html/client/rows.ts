import type {PageCell, PageColumn, RowChunk} from '../page-data.js';
import {toNumber} from './number-text.js';

/** Row states, by their number in `Rows.status`. */
export const STATUSES = ['ok', 'undefined', 'failed'] as const;

/** The rows of the page, column by column in typed arrays: a hundred thousand are sorted in a blink. */
export class Rows {
  readonly keys: string[] = [];
  /** By column; NaN where there is no number. */
  readonly values: Float64Array[];
  /** An index into STATUSES by row. */
  readonly status: Uint8Array;
  /** Of rows that are not ok. */
  readonly reasons = new Map<number, string>();
  /** Pixels; NaN where no image was read. */
  readonly width: Float64Array;
  readonly height: Float64Array;
  /** Group names, and which one each row has; none without groups. */
  readonly groups: string[] = [];
  readonly groupOf: Uint32Array;
  private readonly notApplicable = new Map<number, Set<number>>();
  private places: Map<string, number> | null = null;

  constructor(
    readonly columns: readonly PageColumn[],
    chunks: readonly RowChunk[],
  ) {
    const count = chunks.reduce((sum, {keys}) => sum + keys.length, 0);
    this.values = columns.map(() => new Float64Array(count));
    this.status = new Uint8Array(count);
    this.width = new Float64Array(count);
    this.height = new Float64Array(count);
    this.groupOf = new Uint32Array(count);
    for (const chunk of chunks) this.add(chunk);
  }

  get count(): number {
    return this.keys.length;
  }

  /** The place of a column; -1 where there is none of that name. */
  columnAt(name: string): number {
    return this.columns.findIndex((column) => column.name === name);
  }

  /** The values of a column; none where there is no such column. */
  valuesOf(name: string): Float64Array {
    return this.values[this.columnAt(name)] ?? new Float64Array(0);
  }

  value(row: number, column: number): number {
    return this.values[column]?.[row] ?? Number.NaN;
  }

  /** Whether the column does not concern the row. */
  isNotApplicable(row: number, column: number): boolean {
    return this.notApplicable.get(column)?.has(row) ?? false;
  }

  statusOf(row: number): (typeof STATUSES)[number] {
    return STATUSES[this.status[row] ?? 0] ?? 'ok';
  }

  group(row: number): string {
    return this.groups[this.groupOf[row] ?? 0] ?? '';
  }

  /** The row of a key; undefined where the page does not hold it. */
  rowOf(key: string): number | undefined {
    this.places ??= new Map(this.keys.map((name, row) => [name, row]));
    return this.places.get(key);
  }

  private add({keys, cells, width, height, groups, flagged}: RowChunk): void {
    const start = this.keys.length;
    for (const key of keys) this.keys.push(key);
    cells.forEach((column, at) => {
      this.addCells(column, at, start);
    });
    const known = new Map(this.groups.map((name, at) => [name, at]));
    for (let i = 0; i < keys.length; i++) {
      this.width[start + i] = sizeAt(width, i);
      this.height[start + i] = sizeAt(height, i);
      if (groups) this.groupOf[start + i] = this.groupIndex(groups[i] ?? '', known);
    }
    for (const [i, status, reason] of flagged) {
      this.status[start + i] = STATUSES.indexOf(status);
      this.reasons.set(start + i, reason);
    }
  }

  private addCells(cells: readonly PageCell[], column: number, start: number): void {
    const values = this.values[column];
    if (!values) return;
    cells.forEach((cell, i) => {
      if (cell !== 'n/a') {
        values[start + i] = toNumber(cell);
        return;
      }
      values[start + i] = Number.NaN;
      const rows = this.notApplicable.get(column) ?? new Set();
      this.notApplicable.set(column, rows.add(start + i));
    });
  }

  private groupIndex(name: string, known: Map<string, number>): number {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, this.groups.length);
    return this.groups.push(name) - 1;
  }
}

function sizeAt(sizes: RowChunk['width'], i: number): number {
  return (typeof sizes === 'object' && sizes !== null ? sizes[i] : sizes) ?? Number.NaN;
}
