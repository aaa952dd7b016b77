import {type Cell, isUndefinedValue} from '../rows/row.js';
import type {ConfiguredLoss} from './configured-loss.js';

/** What the total needs of a configured loss. */
export type TotalPart = Pick<ConfiguredLoss, 'id' | 'weight' | 'objective'>;

/**
 * The training objective of one sample: Σ weight · value over the losses that carry a weight; a loss whose
 * objective is `one-minus` (ssim, dice) enters as 1 − value. Null when a part was not computed, else undefined when
 * one is undefined, else ±Infinity when one is infinite (undefined where infinite parts have no sum).
 */
export function totalCell(losses: readonly TotalPart[], cells: Readonly<Record<string, Cell>>): Cell {
  let total = 0;
  let reason: string | null = null;
  for (const {id, weight, objective} of losses) {
    if (weight === undefined) continue;
    const cell = cells[id] ?? null;
    if (cell === null || cell === 'n/a') return null;
    if (isUndefinedValue(cell)) reason ??= `${id} is undefined`;
    else total += weight * (objective === 'one-minus' ? 1 - cell : cell);
  }
  if (reason !== null) return {undefined: reason};
  return Number.isNaN(total) ? {undefined: 'infinite parts have no sum'} : total;
}
