import {sumOf} from '../../statistics/sum.js';
import type {LossColumns} from '../contract.js';

/** Σ value·weight / Σ weight over the rows that have both; infinite values are left out, null where nothing weighs. */
export function weightedMean(columns: LossColumns, part: string, weights: string): number | null {
  const weightOf = byKey(columns, weights);
  const keys = columns.keys(part);
  const rows = columns
    .numbers(part)
    .map((value, row) => ({value, weight: weightOf.get(keys[row] as string) ?? 0}))
    .filter(({value, weight}) => Number.isFinite(value) && weight > 0);
  if (rows.length === 0) return null;
  const at = (row: number) => rows[row] as (typeof rows)[number];
  const total = sumOf(rows.length, (row) => at(row).weight);
  return sumOf(rows.length, (row) => at(row).value * at(row).weight) / total;
}

/** The sum of a part over all rows that have it. */
export function total(columns: LossColumns, part: string): number {
  const values = columns.numbers(part);
  return sumOf(values.length, (row) => values[row] as number);
}

function byKey(columns: LossColumns, part: string): ReadonlyMap<string, number> {
  const values = columns.numbers(part);
  return new Map(columns.keys(part).map((key, row) => [key, values[row] as number]));
}
