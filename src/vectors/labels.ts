import {UsageError} from '../errors.js';
import {listed, type SourceFile, shown} from './source-file.js';
import {cellText, counted, lineMistake, placesOf, readTable, type TableColumns} from './table.js';

/** What a file of labels says of each item. */
export interface ItemLabels {
  readonly labels: readonly string[];
  /** The items' names, where the file gives them; else as they were. */
  readonly keys: readonly string[];
  readonly sha256: string;
}

/** The items that labels are for. */
export interface LabelledItems {
  readonly file: SourceFile;
  readonly keys: readonly string[];
  /** By number where the file of vectors is an array, which names no items. */
  readonly by: 'index' | 'key';
}

/**
 * Reads a CSV of labels, a row an item in any order: the columns `index` (from 0) and `label`, with `key` naming the item
 * where it is there, for vectors from an array; `key` and `label` for vectors that have keys. Other columns are not read.
 * Throws UsageError for items without a label or with two, and for rows of no item.
 */
export async function readLabels(file: SourceFile, items: LabelledItems, signal: AbortSignal): Promise<ItemLabels> {
  const rows = new LabelRows(file, items);
  const sha256 = await readTable(file, signal, (columns) => {
    rows.setColumns(columns);
    return (cells, line) => rows.add(cells, line);
  });
  return {...rows.result(), sha256};
}

/** The rows so far, by item. */
class LabelRows {
  private readonly places: ReadonlyMap<string, number>;
  private readonly labels: (string | undefined)[];
  private readonly keys: string[];
  /** Where each item's row is; 0 for none yet. */
  private readonly lines: number[];
  private named = 0;
  private labelled = 0;
  private naming: number | undefined;

  constructor(
    private readonly file: SourceFile,
    private readonly items: LabelledItems,
  ) {
    const {keys} = items;
    this.places = new Map(keys.map((key, index) => [key, index]));
    this.labels = new Array(keys.length);
    this.keys = [...keys];
    this.lines = new Array<number>(keys.length).fill(0);
  }

  setColumns(columns: TableColumns): void {
    const {by} = this.items;
    [this.named = 0, this.labelled = 0] = placesOf(this.file, columns, [by, 'label']);
    this.naming = by === 'index' ? columns.get('key') : undefined;
  }

  add(cells: readonly string[], line: number): void {
    const {file, lines} = this;
    const {by} = this.items;
    const index = this.itemOf(cellText(cells, this.named), line);
    const name = `${by} ${shown(this.items.keys[index] ?? '')}`;
    if (lines[index]) throw lineMistake(file, line, `${name} twice, it is on line ${lines[index]} too`);
    const label = cellText(cells, this.labelled).trim();
    if (label === '') throw lineMistake(file, line, `no label in the cell 'label' of ${name}`);
    lines[index] = line;
    this.labels[index] = label;
    if (this.naming !== undefined) this.keys[index] = cellText(cells, this.naming);
  }

  result(): {readonly labels: readonly string[]; readonly keys: readonly string[]} {
    return {labels: complete(this.labels, this.file, this.items), keys: distinct(this.keys, this.lines, this.file)};
  }

  private itemOf(name: string, line: number): number {
    const {file, items} = this;
    if (items.by === 'index') return indexOf(name.trim(), items, file, line);
    const index = this.places.get(name);
    if (index !== undefined) return index;
    throw lineMistake(file, line, `the key '${shown(name)}' is no item of ${shown(items.file.name)}`);
  }
}

function indexOf(cell: string, {file: vectors, keys}: LabelledItems, file: SourceFile, line: number): number {
  const index = /^\d{1,15}$/.test(cell) ? Number(cell) : -1;
  if (index >= 0 && index < keys.length) return index;
  const range = `0 to ${keys.length - 1} as ${shown(vectors.name)} has ${counted(keys.length, 'vector')}`;
  throw lineMistake(file, line, `expected an index of ${range}, got '${shown(cell)}'`);
}

function complete(labels: readonly (string | undefined)[], file: SourceFile, {file: vectors, keys}: LabelledItems) {
  const missing = keys.filter((_, index) => labels[index] === undefined);
  if (missing.length === 0) return labels as readonly string[];
  throw new UsageError(
    'CVL-V006',
    `${shown(file.name)}: no label for ${missing.length} of the ${counted(keys.length, 'item')} of ${shown(vectors.name)}: ${listed(missing)}`,
  );
}

/** Checks that keys which a file gives to items are names, each of one item. */
function distinct(keys: readonly string[], lines: readonly number[], file: SourceFile): readonly string[] {
  const first = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    const line = lines[index] ?? 0;
    const other = first.get(key);
    if (key === '') throw lineMistake(file, line, `no name in the cell 'key' of index ${index}`);
    if (other !== undefined) throw lineMistake(file, line, `the key '${shown(key)}' twice, it is on line ${other} too`);
    first.set(key, line);
  }
  return keys;
}

/** The folder of each key, as its label. Throws UsageError for a key that lies in none. */
export function folderLabels({file, keys}: LabelledItems): readonly string[] {
  return keys.map((key) => {
    const slash = key.lastIndexOf('/');
    if (slash > 0) return key.slice(0, slash);
    throw new UsageError(
      'CVL-V006',
      `labels: folder: the key '${shown(key)}' of ${shown(file.name)} lies in no folder`,
    );
  });
}
