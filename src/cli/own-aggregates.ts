import type {Evaluation} from '../evaluate.js';
import {numberText} from './number-text.js';
import {plainTable} from './table.js';

type Report = Evaluation['report'];

/** What every summary has, and what the table of columns shows already. */
const SHOWN: ReadonlySet<string> = new Set([
  ...['value', 'count', 'undefined', 'infinite', 'mean', 'std', 'min', 'p05', 'p25', 'median', 'p75', 'p95', 'max'],
  ...['ci95', 'ci95_method', 'dataset', 'rows'],
]);

/** Tasks whose losses say more in their aggregates than in their columns. */
const SET_TASKS: ReadonlySet<unknown> = new Set(['embedding', 'adversarial']);

/** Whether the run was of whole sets of vectors or scores. */
export function isOfSets({config}: Report): boolean {
  return SET_TASKS.has(config.task);
}

/** The numbers that losses of whole sets add to their summaries, a line each; lists are in report.json alone. */
export function ownAggregates(report: Report): string {
  if (!isOfSets(report)) return '';
  const rows = Object.entries(report.summary).flatMap(([name, summary]) =>
    Object.entries(summary)
      .filter(([key]) => !SHOWN.has(key))
      .flatMap(([key, value]) => aggregateRows(key, value).map((row) => [name, ...row])),
  );
  return rows.length === 0 ? '' : plainTable(['aggregate', '', ''], rows);
}

/** A number as one row, a map of numbers too; a map of maps a row for each entry. */
function aggregateRows(key: string, value: unknown): (readonly [string, string])[] {
  if (!isMap(value)) return isNumber(value) ? [[key, exactText(value)]] : [];
  const entries = Object.entries(value);
  if (entries.some(([, inner]) => isMap(inner))) {
    return entries.flatMap(([name, inner]) => aggregateRows(`${key}.${name}`, inner));
  }
  const parts = entries.flatMap(([name, inner]) => (isNumber(inner) ? [`${name}: ${exactText(inner)}`] : []));
  return parts.length === 0 ? [] : [[key, parts.join(', ')]];
}

/** A number for the terminal, counts in full. */
function exactText(value: number | string | null): string {
  return Number.isSafeInteger(value) ? String(value) : numberText(value);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a number as report.json writes it: infinite ones are text, and one that does not exist is null. */
function isNumber(value: unknown): value is number | string | null {
  return typeof value === 'number' || value === null || value === 'inf' || value === '-inf';
}
