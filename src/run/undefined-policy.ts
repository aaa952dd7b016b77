import {type Cell, isUndefinedValue} from '../rows/row.js';
import type {LossEntry} from './configured-loss.js';

/** What the cells of one loss mean for its row, after the loss's `undefined` policy. */
export interface JudgedCells {
  readonly cells: Readonly<Record<string, Cell>>;
  /** Why a value is undefined; empty when all are defined. */
  readonly undefinedReason: string;
  /** Why the row fails; empty unless the policy is `fail` and a value is undefined. */
  readonly failure: string;
}

/**
 * Applies `undefined: skip | fail | <number>` to one loss's cells: `skip` keeps the empty cell and its reason,
 * `fail` makes the row failed (code `undefined-value`), a number takes the place of the loss's own value. Its parts
 * are never replaced: aggregates are computed from them.
 */
export function judgeCells(
  {id, undefined: policy}: Pick<LossEntry, 'id' | 'undefined'>,
  given: Readonly<Record<string, Cell>>,
): JudgedCells {
  const replaced = typeof policy === 'number' && isUndefinedValue(given[id] ?? null);
  const cells = replaced ? {...given, [id]: policy} : given;
  const reasons = new Set(Object.values(cells).flatMap((cell) => (isUndefinedValue(cell) ? [cell.undefined] : [])));
  if (reasons.size === 0) return {cells, undefinedReason: '', failure: ''};
  const reason = [...reasons].join(', ');
  if (policy === 'fail') return {cells, undefinedReason: '', failure: reason};
  return {cells, undefinedReason: reason, failure: ''};
}
