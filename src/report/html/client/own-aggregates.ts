import type {Report} from '../../report.js';
import {element} from './dom.js';
import {exactText, type JsonNumber, numberText, toNumber} from './number-text.js';
import type {Section} from './page.js';
import {smallTable} from './small-table.js';

/** What every summary has, and what other parts of the page show. */
const SHOWN: ReadonlySet<string> = new Set([
  ...['value', 'count', 'undefined', 'infinite', 'mean', 'std', 'min', 'p05', 'p25', 'median', 'p75', 'p95', 'max'],
  ...['ci95', 'ci95_method', 'dataset', 'classes', 'counts', 'normalised'],
]);

/** The numbers that losses add to their summaries, such as recall@k; lists are in report.json alone. Null without any. */
export function ownAggregatesSection({summary}: Report): Section | null {
  const rows = Object.entries(summary).flatMap(([column, own]) =>
    Object.entries(own)
      .filter(([name]) => !SHOWN.has(name))
      .flatMap(([name, value]) => numbersOf(name, value).map(([path, number]) => [column, path, number] as const)),
  );
  if (rows.length === 0) return null;
  const cells = rows.map(([column, path, number]) => {
    const value = toNumber(number);
    return [
      column,
      path,
      {shown: Number.isSafeInteger(value) ? String(value) : numberText(value), sort: value, hint: exactText(value)},
    ];
  });
  const table = smallTable(
    'More aggregates',
    [
      {title: 'Loss', kind: 'text'},
      {title: 'Aggregate', kind: 'text'},
      {title: 'Value', kind: 'number'},
    ],
    cells,
    true,
  );
  return {id: 'more', title: 'More aggregates', body: element('div', {class: 'narrow'}, table)};
}

/** Every number below a value, by its dotted path. */
function numbersOf(path: string, value: unknown): [string, JsonNumber][] {
  if (typeof value === 'number' || value === 'inf' || value === '-inf') return [[path, value]];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, below]) => numbersOf(`${path}.${name}`, below));
}
