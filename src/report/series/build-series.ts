import type {Direction} from '../../rows/row.js';
import {fromJsonNumber} from '../json-value.js';
import type {Report} from '../report.js';
import {
  SERIES_SCHEMA,
  type SeriesColumn,
  type SeriesReport,
  type SeriesSet,
  type SeriesValue,
} from './series-report.js';

/** A set's name, its directory and its report. */
export interface ReportedSet {
  readonly name: string;
  readonly pred: string;
  readonly report: Report;
}

type Statistic = SeriesValue['value'];

/**
 * The table of a series. A set is the best in a column when its value is: the smallest where lower is better, the
 * largest where higher is, infinite values ranking like any other; sets whose values are equal are all named. A set in
 * which samples failed or are missing is left out of that, since its values are of other samples, as long as another one
 * scored more.
 */
export function buildSeries(
  sets: readonly ReportedSet[],
  {version, samples}: Pick<SeriesReport, 'version' | 'samples'>,
): SeriesReport {
  const most = Math.max(...sets.map(({report}) => scored(report)));
  const complete = sets.filter(({report}) => scored(report) === most);
  const columns = columnsOf(sets).map((column) => withBest(column, complete));
  return {
    schema: SERIES_SCHEMA,
    version,
    samples,
    sets: sets.map((set) => setEntry(set, complete.includes(set), columns)),
    columns,
  };
}

function scored({counts}: Report): number {
  return counts.samples - counts.failed;
}

function setEntry({name, pred, report}: ReportedSet, complete: boolean, columns: readonly SeriesColumn[]): SeriesSet {
  const failed = report.gates.filter(({verdict}) => verdict === 'fail');
  const warnings = failed.filter(({level}) => level === 'warn').length;
  return {
    name,
    pred,
    counts: report.counts,
    missing: report.inputs.missing,
    gates: {passed: report.gates.length - failed.length, failed: failed.length - warnings, warnings},
    complete,
    best: columns.filter(({best}) => best.includes(name)).map((column) => column.name),
  };
}

/** The columns of all sets, in the order of the first that has them; after each its value over the pooled dataset. */
function columnsOf(sets: readonly ReportedSet[]): Omit<SeriesColumn, 'best'>[] {
  const directions = new Map<string, Direction>();
  for (const {report} of sets) for (const {name, better} of report.columns) directions.set(name, better);
  return [...directions].flatMap(([name, better]) => {
    const values: Record<string, SeriesValue> = {};
    const pooled: Record<string, SeriesValue> = {};
    for (const {name: set, report} of sets) {
      const own = Object.hasOwn(report.summary, name) ? report.summary[name] : undefined;
      if (!own) continue;
      const {value, ci95, count, undefined: undefinedRows, infinite, dataset} = own;
      const counts = {count, undefined: undefinedRows, infinite};
      values[set] = {value, ci95, ...counts};
      if (better !== 'none' && isStatistic(dataset)) pooled[set] = {value: dataset, ci95: null, ...counts};
    }
    const column = {name, statistic: 'value' as const, better, values};
    return Object.keys(pooled).length === 0
      ? [column]
      : [column, {name: `${name}.dataset`, statistic: 'dataset' as const, better, values: pooled}];
  });
}

function isStatistic(value: unknown): value is NonNullable<Statistic> {
  return typeof value === 'number' || value === 'inf' || value === '-inf';
}

function withBest(column: Omit<SeriesColumn, 'best'>, sets: readonly ReportedSet[]): SeriesColumn {
  const {better, values} = column;
  const numbers = new Map<string, number>();
  for (const set of sets) {
    const value = values[set.name]?.value ?? null;
    if (value !== null) numbers.set(set.name, fromJsonNumber(value));
  }
  const extreme = better === 'lower' ? Math.min(...numbers.values()) : Math.max(...numbers.values());
  const best = better === 'none' ? [] : [...numbers].filter(([, value]) => value === extreme).map(([set]) => set);
  const {name, statistic} = column;
  return {name, statistic, better, best, values};
}
