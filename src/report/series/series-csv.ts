import {textField} from '../csv-text.js';
import type {SeriesReport} from './series-report.js';

/** The columns before those of the losses. */
const BASE_COLUMNS = ['set', 'samples', 'ok', 'undefined', 'failed', 'missing', 'gates_failed', 'best'] as const;

/**
 * series.csv: a line a set, in the order of the sets, with its value in every column, written as in rows.csv. `best`
 * names the columns in which the set is the best, parted by `; `.
 */
export function seriesCsv({sets, columns}: SeriesReport): string {
  const head = [...BASE_COLUMNS, ...columns.map(({name}) => name)];
  const lines = sets.map(({name, counts, missing, gates, best}) => {
    const {samples, ok, undefined: undefinedRows, failed} = counts;
    const values = columns.map((column) => String(column.values[name]?.value ?? ''));
    const base = [samples, ok, undefinedRows, failed, missing, gates.failed].map(String);
    return [textField(name), ...base, textField(best.join('; ')), ...values];
  });
  return [head.map(textField), ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}
