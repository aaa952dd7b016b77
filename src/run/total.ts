import {type Cell, isUndefinedValue} from '../rows/row.js';
import type {ConfiguredLoss} from './configured-loss.js';

/**
 * The training objective of one sample: Σ weight · value over the losses that carry a weight; a loss whose
 * objective is `one-minus` (ssim, dice) enters as 1 − value. Undefined when a part is undefined, ±Infinity when
 * one is infinite, null when one was not computed.
 */
export function totalCell(losses: readonly ConfiguredLoss[], cells: Readonly<Record<string, Cell>>): Cell {
  let total = 0;
  for (const {id, weight, objective} of losses) {
    if (weight === undefined) continue;
    const cell = cells[id] ?? null;
    if (cell === null || cell === 'n/a') return null;
    if (isUndefinedValue(cell)) return {undefined: `${id} is undefined`};
    total += weight * (objective === 'one-minus' ? 1 - cell : cell);
  }
  return Number.isNaN(total) ? {undefined: 'infinite parts cancel out'} : total;
}
