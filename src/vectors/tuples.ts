import type {EmbeddingSet, NamedTuples} from '../losses/dataset-contract.js';
import {type SourceFile, shown} from './source-file.js';
import {cellText, lineMistake, listedColumns, readTable, type TableColumns} from './table.js';

type Triplet = Extract<NamedTuples, {kind: 'triplets'}>['list'][number];
type Pair = Extract<NamedTuples, {kind: 'pairs'}>['list'][number];

/** A manifest of tuples, and the SHA-256 of the file. */
export interface ReadTuples {
  readonly tuples: NamedTuples;
  readonly sha256: string;
}

const TRIPLET = ['anchor', 'positive', 'negative'];
const PAIR = ['first', 'second', 'same'];
const SAME: Readonly<Record<string, boolean>> = {1: true, true: true, 0: false, false: false};

/**
 * Reads a CSV of triplets (`anchor, positive, negative`) or of pairs (`first, second, same`, the last 1, 0, true or
 * false), which name items by their keys. A row is named by its column `key`, else by the items' keys, joined by `|`.
 * Throws UsageError as `file:line: what`: a key that no item has, or a row whose name an earlier one has.
 */
export async function readTuples(file: SourceFile, items: EmbeddingSet, signal: AbortSignal): Promise<ReadTuples> {
  const places = new Map(items.keys.map((key, index) => [key, index]));
  const lines = new Map<string, number>();
  const triplets: Triplet[] = [];
  const pairs: Pair[] = [];
  const sha256 = await readTable(file, signal, (columns) => {
    const kind = kindOf(columns, file);
    const named = kind === 'triplets' ? TRIPLET : PAIR.slice(0, 2);
    const hasKey = columns.has('key');
    return (cells, line) => {
      const text = (column: string) => cellText(cells, columns.get(column) ?? -1);
      const [a = 0, b = 0, c = 0] = named.map((column) => {
        const index = places.get(text(column));
        if (index === undefined)
          throw lineMistake(file, line, `${column}: no item has the key '${shown(text(column))}'`);
        return index;
      });
      const key = (hasKey && text('key')) || named.map(text).join('|');
      const other = lines.get(key);
      if (other !== undefined) {
        const remedy = hasKey ? '' : "; give each row a name of its own in a column 'key'";
        throw lineMistake(file, line, `the tuple '${shown(key)}' twice, it is on line ${other} too${remedy}`);
      }
      lines.set(key, line);
      if (kind === 'triplets') triplets.push({key, anchor: a, positive: b, negative: c});
      else pairs.push({key, first: a, second: b, same: sameOf(text('same'), file, line)});
    };
  });
  return {tuples: triplets.length > 0 ? {kind: 'triplets', list: triplets} : {kind: 'pairs', list: pairs}, sha256};
}

function sameOf(cell: string, file: SourceFile, line: number): boolean {
  const text = cell.trim().toLowerCase();
  const same = Object.hasOwn(SAME, text) ? SAME[text] : undefined;
  if (same !== undefined) return same;
  throw lineMistake(file, line, `same: expected 1, 0, true or false, got '${shown(cell)}'`);
}

function kindOf(columns: TableColumns, file: SourceFile): NamedTuples['kind'] {
  const [triplets, pairs] = [TRIPLET, PAIR].map((names) => names.every((name) => columns.has(name)));
  if (triplets !== pairs) return triplets ? 'triplets' : 'pairs';
  const expected = `expected the columns ${TRIPLET.join(',')} or ${PAIR.join(',')}`;
  throw lineMistake(file, 1, `${expected}, got ${listedColumns(columns)}`);
}
