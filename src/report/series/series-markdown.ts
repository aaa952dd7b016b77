import {escaped, numberText, table} from '../markdown-text.js';
import type {SeriesReport} from './series-report.js';

/** The Markdown of a series: the losses by set, the best value of each with a star. */
export function seriesMarkdown({sets, columns}: SeriesReport): string {
  const shown = columns.filter(({better}) => better !== 'none');
  const counts = [
    {title: 'failed', of: (set: (typeof sets)[number]) => set.counts.failed},
    {title: 'undefined', of: (set: (typeof sets)[number]) => set.counts.undefined},
    {title: 'missing', of: (set: (typeof sets)[number]) => set.missing},
    {title: 'gates failed', of: (set: (typeof sets)[number]) => set.gates.failed},
  ].filter(({of}) => sets.some((set) => of(set) > 0));
  const head = ['set', ...shown.map(({name, better}) => `${name} (${better})`), 'n', ...counts.map(({title}) => title)];
  const rows = sets.map((set) => [
    set.name,
    ...shown.map(({best, values}) => {
      const text = numberText(values[set.name]?.value);
      return best.includes(set.name) ? `${text} ★` : text;
    }),
    String(set.counts.samples),
    ...counts.map(({of}) => String(of(set))),
  ]);
  const right = head.flatMap((_, i) => (i === 0 ? [] : [i]));
  const best = shown
    .filter((column) => column.best.length > 0)
    .map((column) => `- best ${escaped(column.name)}: ${column.best.map(escaped).join(', ')}`);
  return `### cv-loss: ${sets.length} prediction ${sets.length === 1 ? 'set' : 'sets'}\n\n${[table(head, rows, right), best.join('\n')].join('\n\n')}\n`;
}
