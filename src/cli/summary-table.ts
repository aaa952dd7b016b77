import type {Evaluation} from '../evaluate.js';
import {numberText} from './number-text.js';
import {isOfSets} from './own-aggregates.js';
import {plainTable} from './table.js';

type Report = Evaluation['report'];

const HEAD = [
  'loss',
  'better',
  'value',
  '95 % of the mean',
  'median',
  'min',
  'max',
  'dataset',
  'n',
  'undefined',
  'infinite',
];
/** Columns of HEAD that stay away while no loss fills them. */
const OPTIONAL = new Set(['dataset', 'undefined', 'infinite']);

/** Parts without a direction that are an answer of their loss, by its type; in the summary of the loss `dataset_…` is that of all. */
const ANSWERS: ReadonlyMap<string, string> = new Map([['best-threshold', 'threshold']]);

/**
 * The columns that are printed: those that have a direction. Parts without one mostly serve other aggregates only, but are
 * all that some losses of sets have.
 */
export function shownColumns(report: Report): Report['columns'] {
  const {columns} = report;
  const names = new Set(columns.map(({name}) => name));
  const isHeadless = (name: string) => isOfSets(report) && !names.has(name.split('.')[0] ?? '');
  return columns.filter(({name, better}) => better !== 'none' || isAnswer(report, name) || isHeadless(name));
}

function isAnswer({losses}: Report, column: string): boolean {
  const [id = '', ...part] = column.split('.');
  return part.length > 0 && ANSWERS.get(losses[id]?.type ?? '') === part.join('.');
}

/** The aggregates of some columns. */
export function summaryTable(summary: Report['summary'], columns: Report['columns']): string {
  const rows = columns.flatMap(({name, better}) => {
    const s = summary[name];
    if (!s) return [];
    // The value of a part without a direction is a sum over two sets, of which the rows' mean says nothing.
    const interval = s.ci95 && better !== 'none' ? `${numberText(s.ci95[0])} … ${numberText(s.ci95[1])}` : '–';
    const numbers = [s.median, s.min, s.max].map(numberText);
    const counts = [s.undefined, s.infinite].map((count) => (count === 0 ? '' : String(count)));
    return [
      [
        name,
        better,
        numberText(s.value),
        interval,
        ...numbers,
        datasetText(datasetOf(summary, name)),
        String(s.count),
        ...counts,
      ],
    ];
  });
  const used = HEAD.map((title, i) => !OPTIONAL.has(title) || rows.some((row) => row[i] !== ''));
  const keep = (cells: readonly string[]) => cells.filter((_, i) => used[i]);
  const numeric = keep(HEAD).flatMap((title, i) => (title === 'loss' || title === 'better' ? [] : [i]));
  return plainTable(keep(HEAD), rows.map(keep), numeric);
}

/** What a column has over the pooled dataset: the loss itself as `dataset`, a part in the summary of its loss. */
function datasetOf(summary: Report['summary'], name: string): unknown {
  const [id = '', ...part] = name.split('.');
  return summary[name]?.dataset ?? summary[id]?.[`dataset_${part.join('.')}`];
}

/** A loss's value over the pooled dataset, where it has one. */
function datasetText(dataset: unknown): string {
  return typeof dataset === 'number' || typeof dataset === 'string' ? numberText(dataset) : '';
}
