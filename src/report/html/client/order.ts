import {radixOrder} from './radix-order.js';
import type {Rows} from './rows.js';

/** What rows are sorted by: `key`, `status`, `group`, `size`, or a column by its place. */
export interface Sort {
  readonly by: 'key' | 'status' | 'group' | 'size' | number;
  readonly descending: boolean;
}

/** Rows in order, ties in the order of their keys; rows without a number come last either way. */
export function sortRows(rows: Rows, selected: Uint32Array, {by, descending}: Sort): Uint32Array {
  // The rows of a report come in key order.
  if (by === 'key') return descending ? selected.slice().reverse() : selected;
  const numbers = sortNumbers(rows, by);
  const order = new Uint32Array(selected.length);
  let present = 0;
  let missing = selected.length;
  for (const row of selected) {
    if (Number.isNaN(numbers[row] as number)) order[--missing] = row;
    else order[present++] = row;
  }
  order.subarray(missing).reverse();
  order.set(radixOrder(order.slice(0, present), numbers, descending));
  return order;
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortNumbers(rows: Rows, by: Exclude<Sort['by'], 'key'>): ArrayLike<number> {
  if (typeof by === 'number') return rows.values[by] ?? new Float64Array(rows.count).fill(Number.NaN);
  if (by === 'status') return rows.status;
  if (by === 'size') return rows.width.map((width, row) => width * (rows.height[row] as number));
  const ranks = rows.groups.map((_, group) => group).sort((a, b) => textOrder(rows.groups[a], rows.groups[b]));
  const rankOf = new Uint32Array(rows.groups.length);
  ranks.forEach((group, rank) => {
    rankOf[group] = rank;
  });
  return rows.groupOf.map((group) => rankOf[group] ?? 0);
}

function textOrder(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The rows with the largest or the smallest numbers of a column, as many as asked for, the first first. */
export function extremes(values: Float64Array, count: number, largest: boolean): number[] {
  const before = (a: number, b: number) =>
    (largest ? compare(values[b] as number, values[a] as number) : compare(values[a] as number, values[b] as number)) ||
    a - b;
  let kept: number[] = [];
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row] as number)) continue;
    kept.push(row);
    // A few at a time are sorted, so that a long column is gone through once.
    if (kept.length >= count * 8) kept = kept.sort(before).slice(0, count);
  }
  return kept.sort(before).slice(0, count);
}
