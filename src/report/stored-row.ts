import {UsageError} from '../errors.js';
import type {Cell, Row, Status} from '../rows/row.js';

/** What a row file says in one place: a number, `'n/a'`, or null for no value. */
export type StoredValue = number | 'n/a' | null;

/** A row as its file tells it. */
export interface StoredRow extends Omit<Row, 'cells'> {
  readonly values: Readonly<Record<string, StoredValue>>;
}

const STATUSES: readonly string[] = ['ok', 'undefined', 'failed'] satisfies Status[];

/** Whether text is a status. */
export function isStatus(text: string): text is Status {
  return STATUSES.includes(text);
}

/** A stored row as a Row. Files do not tell an undefined cell from one that was not computed: it is undefined with the row's reason, or null when the row failed. */
export function restoreRow({values, ...row}: StoredRow): Row {
  const missing: Cell = row.status === 'failed' ? null : {undefined: row.reason};
  const cells = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? missing]));
  return {...row, cells};
}

/** The error for a place in a report's file that is not as cv-loss writes it. */
export function damaged(path: string, line: number, problem: string, cause?: unknown): UsageError {
  return new UsageError('CVL-R004', `${path}:${line}: ${problem}; the report is damaged, run cv-loss eval again`, {
    cause,
  });
}
