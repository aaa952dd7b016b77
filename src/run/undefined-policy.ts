import {type Cell, isUndefinedValue} from '../rows/row.js';
import type {ConfiguredLoss} from './configured-loss.js';

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
 * `fail` makes the row failed (code `undefined-value`), a number takes the place of the value.
 */
export function judgeCells(
  {id, undefined: policy}: ConfiguredLoss,
  cells: Readonly<Record<string, Cell>>,
): JudgedCells {
  const reasons = new Set(Object.values(cells).flatMap((cell) => (isUndefinedValue(cell) ? [cell.undefined] : [])));
  if (reasons.size === 0) return {cells, undefinedReason: '', failure: ''};
  const reason = `${id}: ${[...reasons].join(', ')}`;
  if (typeof policy === 'number') {
    const filled = Object.entries(cells).map(([name, cell]) => [name, isUndefinedValue(cell) ? policy : cell] as const);
    return {cells: Object.fromEntries(filled), undefinedReason: '', failure: ''};
  }
  if (policy === 'fail') return {cells, undefinedReason: '', failure: `undefined-value: ${reason}`};
  return {cells, undefinedReason: reason, failure: ''};
}
