import type {BatchCells, LossColumn} from '../losses/contract.js';
import type {Cell} from '../rows/row.js';
import {columnName} from './configured-loss.js';

/** What a loss gave for a batch does not have the form that it declared, which is no matter of one sample. */
export class WrongCells extends TypeError {}

/** As much of a loss of either scope as is needed here. */
interface Named {
  readonly id: string;
  readonly descriptor: {readonly id: string};
  readonly instance: {readonly columns: readonly LossColumn[]};
}

/** What `perSample` gave for a batch of `count` samples, each sample's cells by column name. Throws WrongCells for a wrong form. */
export function batchCells(loss: Named, given: BatchCells, count: number): Record<string, Cell>[] {
  checkParts(loss, given, 'perSample');
  for (const [part, values] of Object.entries(given)) {
    if (values?.length === count) continue;
    const got = typeof values?.length === 'number' ? counted(values.length) : String(values);
    throw new WrongCells(`perSample gave ${got} for its column '${part}', expected ${counted(count)}, one a sample`);
  }
  return Array.from({length: count}, (_, i) => nameCells(loss, (part) => given[part]?.[i]));
}

/** What `fused` gave for one sample, by column name. */
export function fusedCells(loss: Named, given: Readonly<Record<string, Cell>>): Record<string, Cell> {
  checkParts(loss, given, 'fused');
  return nameCells(loss, (part) => given[part]);
}

/** What a loss of whole sets gave for a row, by column name; `n/a` in the columns that it left out. Throws WrongCells. */
export function rowCells(loss: Named, given: Readonly<Record<string, Cell>>): Record<string, Cell> {
  checkParts(loss, given, 'rows');
  return nameCells(loss, (part) => given[part] ?? 'n/a');
}

/** One cell for every column of a loss, by column name. A computed NaN becomes undefined here, whatever loss it is from. */
export function nameCells({id, descriptor, instance}: Named, cellOf: (part: string) => unknown): Record<string, Cell> {
  const cells: Record<string, Cell> = {};
  for (const {part} of instance.columns) {
    const cell = cellOf(part);
    if (cell === undefined) throw new TypeError(`loss '${descriptor.id}' gave no value for its column '${part}'`);
    if (!isCell(cell)) {
      const got = typeof cell === 'string' ? `'${cell.slice(0, 60)}'` : String(cell);
      throw new TypeError(
        `loss '${descriptor.id}' gave ${got} for its column '${part}', expected a number or {undefined: 'why'}`,
      );
    }
    cells[columnName(id, part)] = Number.isNaN(cell) ? {undefined: 'computed NaN'} : cell;
  }
  return cells;
}

function checkParts({instance}: Named, given: unknown, by: string): void {
  if (typeof given !== 'object' || given === null) {
    throw new WrongCells(`${by} gave ${String(given)}, expected a map of its columns`);
  }
  const declared = instance.columns.map(({part}) => part);
  const extra = Object.keys(given).find((part) => !declared.includes(part));
  if (extra === undefined) return;
  const names = declared.map((part) => `'${part}'`).join(', ');
  throw new WrongCells(`${by} gave a column '${extra}', expected those that it declares: ${names}`);
}

/** Whether a loss may give this for a sample. */
function isCell(cell: unknown): cell is Cell {
  if (typeof cell === 'number' || cell === 'n/a') return true;
  if (typeof cell !== 'object' || cell === null || !('undefined' in cell)) return false;
  return typeof cell.undefined === 'string' && cell.undefined !== '';
}

function counted(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}
