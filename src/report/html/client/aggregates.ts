import type {Report} from '../../report.js';
import {element} from './dom.js';
import {alignedText, countText, exactText, type JsonNumber, numberText, toNumber} from './number-text.js';
import {betterText, columnTitle, type Page, type Section} from './page.js';
import {type SmallCell, type SmallColumn, smallTable} from './small-table.js';
import {sparkline} from './sparkline.js';

const STATISTICS = ['value', 'ci95', 'std', 'min', 'p05', 'median', 'p95', 'max'] as const;

const TITLES: Readonly<Record<(typeof STATISTICS)[number], string>> = {
  value: 'Value',
  ci95: '95 % of the mean',
  std: 'Std',
  min: 'Min',
  p05: '5 %',
  median: 'Median',
  p95: '95 %',
  max: 'Max',
};

type ColumnSummary = Report['summary'][string];

/** The aggregates of every column with its histogram; parts of losses are folded. */
export function aggregatesSection(page: Page, report: Report): Section {
  const shown = report.columns.filter(({name}) => hasNumbers(report.summary[name]));
  const main = shown.filter(({name}) => page.isMain(name));
  const parts = shown.filter(({name}) => !page.isMain(name));
  const body = element('div', {}, table(page, report, 'Aggregates by loss', main.length > 0 ? main : parts));
  if (main.length > 0 && parts.length > 0) {
    const fold = element('details', {}, element('summary', {}, `Parts of the losses (${parts.length})`));
    // Hundreds of histograms wait until they are asked for.
    fold.addEventListener('toggle', () => fold.append(table(page, report, 'Aggregates by part', parts)), {once: true});
    body.append(fold);
  }
  return {id: 'losses', title: 'Losses', body};
}

function hasNumbers(summary: ColumnSummary | undefined): summary is ColumnSummary {
  return summary !== undefined;
}

function table(page: Page, report: Report, caption: string, columns: Report['columns']): HTMLElement {
  const has = (count: 'undefined' | 'infinite') => columns.some(({name}) => (report.summary[name]?.[count] ?? 0) > 0);
  const hasPooled = columns.some(({name}) => isNumber(report.summary[name]?.dataset));
  const heads: SmallColumn[] = [
    {title: 'Loss', kind: 'text'},
    {
      title: 'Distribution',
      kind: 'text',
      hint: 'Rows by value, from the smallest to the largest; the line is the median',
    },
    ...STATISTICS.map((name) => ({title: TITLES[name], kind: 'number' as const})),
    ...(hasPooled ? [{title: 'Dataset', kind: 'number' as const, hint: 'Over the pooled pixels of the dataset'}] : []),
    {title: 'n', kind: 'number'},
    ...(has('undefined') ? [{title: 'Undefined', kind: 'number' as const}] : []),
    ...(has('infinite') ? [{title: 'Infinite', kind: 'number' as const}] : []),
  ];
  const rows = columns.map(({name, better}) => {
    const summary = report.summary[name] as ColumnSummary;
    const title = element('span', {class: 'loss'}, columnTitle(page, name), element('small', {}, betterText(better)));
    return [
      title,
      sparkline(page.rows.valuesOf(name), toNumber(summary.median)),
      ...statistics(summary),
      ...(hasPooled ? [isNumber(summary.dataset) ? numberText(toNumber(summary.dataset)) : ''] : []),
      countText(summary.count),
      ...(has('undefined') ? [countCell(summary.undefined)] : []),
      ...(has('infinite') ? [countCell(summary.infinite)] : []),
    ];
  });
  return smallTable(caption, heads, rows);
}

function statistics(summary: ColumnSummary): SmallCell[] {
  const numbers = [summary.value, summary.min, summary.median, summary.max].map(toNumber);
  const text = alignedText(numbers);
  return STATISTICS.map((name) => {
    if (name === 'ci95') return intervalCell(summary, text);
    const value = toNumber(summary[name]);
    const shown = name === 'value' ? element('strong', {}, text(value)) : text(value);
    return {shown, sort: value, hint: exactText(value)};
  });
}

function intervalCell({ci95, ci95_method}: ColumnSummary, text: (value: number) => string): SmallCell {
  if (ci95 === null) return '';
  const [low, high] = ci95.map(toNumber) as [number, number];
  const hint = `${exactText(low)} to ${exactText(high)} (${ci95_method ?? ''})`;
  return {shown: element('span', {class: 'interval'}, text(low), ' … ', text(high)), sort: low, hint};
}

function countCell(count: number): SmallCell {
  return {shown: count === 0 ? '' : element('span', {class: 'attention'}, countText(count)), sort: count};
}

function isNumber(value: unknown): value is JsonNumber {
  return typeof value === 'number' || value === 'inf' || value === '-inf';
}
