import type {Cell, Column, Direction, Row} from '../rows/row.js';
import type {PairedColumn} from './change.js';

/** One run as a comparison reads it. */
export interface ComparedRun {
  readonly columns: readonly Column[];
  readonly rows: AsyncIterable<Row> | Iterable<Row>;
}

/** A column that both runs have, with its values side by side. */
export interface JoinedColumn extends PairedColumn {
  /** Keys that have a number in the baseline and none in the candidate, and the other way round. */
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  /** The keys of the pairs, in the order of the values. */
  readonly keys: readonly string[];
}

/** Two runs joined by key. */
export interface JoinedRuns {
  readonly columns: readonly JoinedColumn[];
  /** Columns of one run only. */
  readonly removedColumns: readonly string[];
  readonly addedColumns: readonly string[];
  /** Keys of one run only. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Keys whose files other than the prediction are not the same bytes; null when a run has no hashes. */
  readonly changed: readonly string[] | null;
  readonly common: number;
}

/** Joins the rows of two runs by key; columns that are no objective (`better: none`) are left out. Keeps both runs' numbers in memory. */
export async function joinRuns(baseline: ComparedRun, candidate: ComparedRun): Promise<JoinedRuns> {
  const shared = sharedColumns(baseline.columns, candidate.columns);
  const before = new Map<string, Row>();
  for await (const row of baseline.rows) before.set(row.key, row);
  const columns = shared.map((column) => new Joining(column));
  const seen = new Set<string>();
  const added: string[] = [];
  const changed: string[] = [];
  let hashed = true;
  for await (const row of candidate.rows) {
    const old = before.get(row.key);
    if (!old) {
      added.push(row.key);
      continue;
    }
    seen.add(row.key);
    for (const column of columns) column.add(row.key, old.cells, row.cells);
    hashed &&= hasHashes(old) && hasHashes(row);
    if (hasHashes(old) && hasHashes(row) && otherData(old, row)) changed.push(row.key);
  }
  const names = (own: readonly Column[], other: readonly Column[]) =>
    own.filter(({name}) => !other.some((column) => column.name === name)).map(({name}) => name);
  return {
    columns: columns.map((column) => column.done()),
    removedColumns: names(baseline.columns, candidate.columns),
    addedColumns: names(candidate.columns, baseline.columns),
    removed: [...before.keys()].filter((key) => !seen.has(key)),
    added,
    changed: hashed ? changed : null,
    common: seen.size,
  };
}

function sharedColumns(baseline: readonly Column[], candidate: readonly Column[]): ObjectiveColumn[] {
  return candidate.flatMap(({name, better}) =>
    better !== 'none' && baseline.some((column) => column.name === name && column.better === better)
      ? [{name, better}]
      : [],
  );
}

interface ObjectiveColumn {
  readonly name: string;
  readonly better: Exclude<Direction, 'none'>;
}

/** Collects one column's pairs. */
class Joining {
  private readonly keys: string[] = [];
  private readonly baseline: number[] = [];
  private readonly candidate: number[] = [];
  private readonly lost: string[] = [];
  private readonly gained: string[] = [];

  constructor(private readonly column: ObjectiveColumn) {}

  add(key: string, before: Row['cells'], after: Row['cells']): void {
    const old = numberOf(before[this.column.name]);
    const now = numberOf(after[this.column.name]);
    if (old !== null && now !== null) {
      this.keys.push(key);
      this.baseline.push(old);
      this.candidate.push(now);
    } else if (old !== null) this.lost.push(key);
    else if (now !== null) this.gained.push(key);
  }

  done(): JoinedColumn {
    const {keys, lost, gained, column} = this;
    const [baseline, candidate] = [Float64Array.from(this.baseline), Float64Array.from(this.candidate)];
    return {...column, keys, baseline, candidate, lost, gained};
  }
}

function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

function hasHashes({sha256, status}: Row): boolean {
  return Object.keys(sha256).length > 0 || status === 'failed';
}

/** Whether what predictions are held against is not the same: two runs differ in their predictions by design. */
function otherData(before: Row, after: Row): boolean {
  const roles = new Set([...Object.keys(before.sha256), ...Object.keys(after.sha256)]);
  roles.delete('pred');
  return [...roles].some((role) => {
    const [old, now] = [before.sha256[role], after.sha256[role]];
    return old !== undefined && now !== undefined && old !== now;
  });
}
