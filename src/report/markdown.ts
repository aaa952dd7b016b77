import type {ReportFormat} from './format.js';
import {escaped, numberText, table} from './markdown-text.js';
import type {Report} from './report.js';

/** Lines of a list at most; the report has them all. */
const LISTED = 20;

/** summary.md: the verdicts and the aggregates as GitHub-flavoured Markdown, for a comment on a pull request. */
export const markdown: ReportFormat = {
  file: 'summary.md',
  open: async (output) => ({
    row: async () => undefined,
    end: (report) => output.write(markdownText(report)),
  }),
};

/** The Markdown of a report: a few kilobytes whatever the number of samples. */
export function markdownText(report: Report): string {
  const blocks = [`### cv-loss: ${headline(report)}`, gatesTable(report), summaryTable(report), failureList(report)];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function headline({counts, gates}: Report): string {
  const {samples, failed, undefined: undefinedRows} = counts;
  const broken = gates.filter(({verdict, level}) => verdict === 'fail' && level === 'error').length;
  const verdict =
    gates.length === 0 ? null : broken === 0 ? '✅ gates passed' : `❌ ${broken} of ${gates.length} gates failed`;
  const parts = [
    verdict,
    `${samples} ${samples === 1 ? 'sample' : 'samples'}`,
    failed > 0 ? `${failed} failed` : null,
    undefinedRows > 0 ? `${undefinedRows} undefined` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function gatesTable({gates}: Report): string {
  const order = [...gates].sort((a, b) => rank(a) - rank(b));
  const rows = order.slice(0, LISTED).map(({name, level, expected, actual, verdict, reason}) => {
    const mark = verdict === 'pass' ? '✅' : level === 'error' ? '❌' : '⚠️';
    return [mark, name, expected, [numberText(actual), reason].filter((part) => part !== '').join(', ')];
  });
  const more = gates.length - rows.length;
  const text = table(['', 'gate', 'expected', 'found'], rows, []);
  return more > 0 ? `${text}\n\n… and ${more} more gates` : text;
}

/** Failed gates first, then warnings. */
function rank({verdict, level}: Report['gates'][number]): number {
  return verdict === 'pass' ? 2 : level === 'error' ? 0 : 1;
}

function summaryTable({columns, summary}: Report): string {
  const rows = columns.flatMap(({name, better}) => {
    const own = summary[name];
    if (!own || better === 'none') return [];
    const interval = own.ci95 === null ? '' : `${numberText(own.ci95[0])} … ${numberText(own.ci95[1])}`;
    const numbers = [own.value, own.median, own.min, own.max].map(numberText);
    return [[name, better, numbers[0] ?? '', interval, ...numbers.slice(1), String(own.count)]];
  });
  return table(['loss', 'better', 'value', '95 % of the mean', 'median', 'min', 'max', 'n'], rows, [2, 3, 4, 5, 6, 7]);
}

function failureList({failures, failure_count}: Report): string {
  const shown = failures
    .slice(0, LISTED)
    .map(({key, code, message}) => `- ${inCode(key)}: ${escaped(`${code}: ${message}`)}`);
  const more = failure_count - shown.length;
  return [...shown, ...(more > 0 ? [`- … and ${more} more failed samples`] : [])].join('\n');
}

/** A name in code, whatever it holds. */
function inCode(name: string): string {
  return `<code>${escaped(name)}</code>`;
}
