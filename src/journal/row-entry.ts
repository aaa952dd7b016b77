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

/** A cell as JSON has it. */
type StoredCell = number | 'inf' | '-inf' | '-0' | 'n/a' | {readonly u: string} | null;

/** An entry as JSON has it. */
interface StoredEntry {
  readonly key: string;
  readonly status: Row['status'];
  readonly reason: string;
  readonly size: readonly [number | null, number | null];
  readonly cells: readonly StoredCell[];
  readonly sha256: Readonly<Record<string, string>>;
  readonly files: FileStates;
  readonly group?: string;
}

/** An entry as plain JSON; the cells are those of the columns, in their order. */
export function toStored({row, files}: RowEntry, columns: readonly string[]): object {
  const {key, status, reason, width, height, sha256, group, cells} = row;
  const values = columns.map((name) => toStoredCell(cells[name] ?? null));
  const ofGroup = group === undefined ? {} : {group};
  return {key, status, reason, size: [width, height], cells: values, sha256, files, ...ofGroup};
}

/** The entry that `toStored` wrote; null for anything else. */
export function fromStored(value: unknown, columns: readonly string[]): RowEntry | null {
  if (!isStoredEntry(value) || value.cells.length !== columns.length) return null;
  const {size, cells: values, files, key, status, reason, sha256, group} = value;
  const cells: Record<string, Cell> = {};
  for (const [i, name] of columns.entries()) cells[name] = fromStoredCell(values[i] as StoredCell);
  const [width, height] = size;
  return {row: {key, status, reason, width, height, cells, sha256, ...(group === undefined ? {} : {group})}, files};
}

const KEYS: ReadonlySet<string> = new Set('key status reason size cells sha256 files group'.split(' '));
const STATUSES: readonly unknown[] = ['ok', 'undefined', 'failed'] satisfies Row['status'][];
const WORDS: readonly unknown[] = ['inf', '-inf', '-0', 'n/a'] satisfies StoredCell[];

/** By hand, since a million of them are looked at when a run goes on. */
function isStoredEntry(value: unknown): value is StoredEntry {
  if (!isObject(value)) return false;
  for (const name in value) if (!KEYS.has(name)) return false;
  const {key, status, reason, size, cells, sha256, files, group} = value;
  const isNamed = isText(key) && STATUSES.includes(status) && isText(reason) && (group === undefined || isText(group));
  const isSized = Array.isArray(size) && size.length === 2 && size.every(isPixels);
  if (!isNamed || !isSized || !Array.isArray(cells) || !cells.every(isStoredCell)) return false;
  return hasOnly(sha256, isText) && hasOnly(files, areStates);
}

/** Whether a value is an object whose members are all of a kind. */
function hasOnly(value: unknown, isOne: (member: unknown) => boolean): boolean {
  if (!isObject(value)) return false;
  for (const name in value) if (!isOne(value[name])) return false;
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isPixels(value: unknown): boolean {
  return value === null || (Number.isSafeInteger(value) && (value as number) >= 0);
}

function isStoredCell(value: unknown): boolean {
  if (typeof value === 'number' || value === null) return true;
  if (isText(value)) return WORDS.includes(value);
  return isObject(value) && isText(value.u) && Object.keys(value).length === 1;
}

function areStates(value: unknown): boolean {
  const isState = (state: unknown) =>
    Array.isArray(state) && state.length === 4 && state.every((part) => typeof part === 'number');
  return Array.isArray(value) && value.every(isState);
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
