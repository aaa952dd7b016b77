import type {EmbeddingSet} from '../losses/dataset-contract.js';
import {notFinite, numberOf} from './number-cell.js';
import {type SourceFile, shown} from './source-file.js';
import {cellText, lineMistake, listedColumns, readTable, type TableColumns} from './table.js';

/** What a header says: the places of the key, the label and the vector's values. */
interface Layout {
  readonly key: number;
  readonly label: number | null;
  readonly values: readonly number[];
  readonly names: readonly string[];
}

const NUMBERED = /^(.*?)(\d+)$/s;

/**
 * Reads vectors from a CSV, a row an item: `key`, `label` where there is one, and the values in columns numbered in order
 * from 0 or 1 under one name (`v0,v1,…`), so that no other number is taken for a part of the vector.
 * Throws UsageError as `file:line: what`.
 */
export async function readVectorTable(
  file: SourceFile,
  signal: AbortSignal,
): Promise<EmbeddingSet & {readonly sha256: string}> {
  let rows: VectorRows | undefined;
  const sha256 = await readTable(file, signal, (columns) => {
    const made = new VectorRows(file, layoutOf(columns, file));
    rows = made;
    return (cells, line) => made.add(cells, line);
  });
  return {...(rows as VectorRows).result(), sha256};
}

/** The rows so far. */
class VectorRows {
  private readonly lines = new Map<string, number>();
  private readonly labels: string[] = [];
  private vectors = new Float64Array(1024);
  private length = 0;

  constructor(
    private readonly file: SourceFile,
    private readonly layout: Layout,
  ) {}

  add(cells: readonly string[], line: number): void {
    const {key, label, values, names} = this.layout;
    this.addKey(cellText(cells, key), line);
    if (label !== null) this.addLabel(cellText(cells, label).trim(), line);
    this.reserve(values.length);
    for (const [i, place] of values.entries()) {
      const cell = cells[place] ?? '';
      const value = numberOf(cell);
      if (!Number.isFinite(value)) {
        const text = `expected a finite number, got ${shown(notFinite(cell))}`;
        throw lineMistake(this.file, line, `column '${shown(names[i] ?? '')}': ${text}`);
      }
      this.vectors[this.length++] = value;
    }
  }

  result(): EmbeddingSet {
    const {label, values} = this.layout;
    return {
      keys: [...this.lines.keys()],
      dimensions: values.length,
      vectors: this.vectors.subarray(0, this.length),
      labels: label === null ? null : this.labels,
    };
  }

  private addKey(key: string, line: number): void {
    if (key === '') throw lineMistake(this.file, line, `no name in the cell 'key'`);
    const other = this.lines.get(key);
    if (other !== undefined) {
      throw lineMistake(this.file, line, `the key '${shown(key)}' twice, it is on line ${other} too`);
    }
    this.lines.set(key, line);
  }

  private addLabel(label: string, line: number): void {
    if (label === '') throw lineMistake(this.file, line, `no label in the cell 'label'`);
    this.labels.push(label);
  }

  /** Makes room for so many numbers more; twice the room each time, so that a number moves once or twice in all. */
  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.vectors.length) return;
    const grown = new Float64Array(2 * needed);
    grown.set(this.vectors);
    this.vectors = grown;
  }
}

function layoutOf(columns: TableColumns, file: SourceFile): Layout {
  const key = columns.get('key');
  const label = columns.get('label') ?? null;
  const names = [...columns.keys()].filter((name) => name !== 'key' && name !== 'label');
  const expected = `expected key,label,v0,v1,… (label may be left out), got ${listedColumns(columns)}`;
  if (key === undefined) throw lineMistake(file, 1, `no column 'key': ${expected}`);
  if (names.length === 0) throw lineMistake(file, 1, `no columns of values: ${expected}`);
  const [, prefix, first] = NUMBERED.exec(names[0] ?? '') ?? [];
  const start = Number(first);
  for (const [i, name] of names.entries()) {
    if ((start === 0 || start === 1) && name === `${prefix}${start + i}`) continue;
    throw lineMistake(file, 1, `the column '${shown(name)}' is no value in order: ${expected}`);
  }
  return {key, label, names, values: names.map((name) => columns.get(name) as number)};
}
