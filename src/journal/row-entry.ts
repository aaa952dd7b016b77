import {z} from 'zod';
import {type Cell, isUndefinedValue, type Row} from '../rows/row.js';

/** What tells without reading it that a file is still the one that was read: bytes, and times in milliseconds. */
export type FileState = readonly [size: number, modified: number, changed: number, inode: number];

/** The states of the files that a row was made of, by role; several where a role has several files. */
export type FileStates = Readonly<Record<string, readonly FileState[]>>;

/** A row as a journal keeps it, with nothing lost: an undefined cell keeps its reason, and −0 its sign. */
export interface RowEntry {
  readonly row: Row;
  readonly files: FileStates;
}

const text = z.string();
const pixels = z.int().min(0).nullable();
const cell = z.union([z.number(), z.enum(['inf', '-inf', '-0', 'n/a']), z.strictObject({u: text}), z.null()]);

const stored = z.strictObject({
  key: text,
  status: z.enum(['ok', 'undefined', 'failed']),
  reason: text,
  size: z.tuple([pixels, pixels]),
  cells: z.array(cell),
  sha256: z.record(text, text),
  files: z.record(text, z.array(z.tuple([z.number(), z.number(), z.number(), z.number()]))),
  group: text.optional(),
});

type StoredCell = z.output<typeof cell>;

/** An entry as plain JSON; the cells are those of the columns, in their order. */
export function toStored({row, files}: RowEntry, columns: readonly string[]): object {
  const {key, status, reason, width, height, sha256, group, cells} = row;
  const values = columns.map((name) => toStoredCell(cells[name] ?? null));
  const ofGroup = group === undefined ? {} : {group};
  return {key, status, reason, size: [width, height], cells: values, sha256, files, ...ofGroup};
}

/** The entry that `toStored` wrote; null for anything else. */
export function fromStored(value: unknown, columns: readonly string[]): RowEntry | null {
  const parsed = stored.safeParse(value);
  if (!parsed.success || parsed.data.cells.length !== columns.length) return null;
  const {size, cells: values, files, key, status, reason, sha256, group} = parsed.data;
  const cells = Object.fromEntries(columns.map((name, i) => [name, fromStoredCell(values[i] as StoredCell)]));
  const [width, height] = size;
  return {row: {key, status, reason, width, height, cells, sha256, ...(group === undefined ? {} : {group})}, files};
}

function toStoredCell(cell: Cell): StoredCell {
  if (typeof cell === 'number') {
    if (Object.is(cell, -0)) return '-0';
    return Number.isFinite(cell) ? cell : cell > 0 ? 'inf' : '-inf';
  }
  return isUndefinedValue(cell) ? {u: cell.undefined} : cell;
}

function fromStoredCell(value: StoredCell): Cell {
  if (value === null || typeof value === 'number' || value === 'n/a') return value;
  if (typeof value === 'object') return {undefined: value.u};
  return {inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY, '-0': -0}[value];
}
