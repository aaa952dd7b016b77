import pc from 'picocolors';
import type {Evaluation} from '../evaluate.js';
import {numberText, secondsText} from './number-text.js';
import {plainTable} from './table.js';

/** Failed samples printed one by one; the report has them all. */
const FAILURES_SHOWN = 10;

/** What `eval` prints: what was scored, the aggregates, the worst pairs of each loss. */
export function evaluationText(evaluation: Evaluation, worstCount: number): string {
  const {report, seconds, reportDir} = evaluation;
  const {samples, ok, undefined: undefinedRows, failed} = report.counts;
  const parts = [
    `${samples} ${samples === 1 ? 'sample' : 'samples'}: ${ok} ok`,
    ...(undefinedRows > 0 ? [`${undefinedRows} undefined`] : []),
    ...(failed > 0 ? [pc.red(`${failed} failed`)] : []),
  ];
  const head = `${parts.join(', ')} · device ${report.device.name} · ${secondsText(seconds)}`;
  const blocks = [head, aggregates(evaluation)];
  for (const [group, summary] of Object.entries(report.groups)) {
    blocks.push(`${pc.bold(`group ${group}`)}\n${summaryTable(summary, report.losses)}`);
  }
  if (worstCount > 0) blocks.push(worst(evaluation, worstCount));
  if (reportDir) blocks.push(`report in ${reportDir}`);
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** One line for each of the first failed samples, and how many more there are. */
export function failureLines({report}: Evaluation): string[] {
  const shown = report.failures
    .slice(0, FAILURES_SHOWN)
    .map(({key, code, message}) => `cv-loss: ${key}: ${code}: ${message}`);
  const more = report.failure_count - shown.length;
  return more > 0 ? [...shown, `cv-loss: … and ${more} more failed samples, see the report`] : shown;
}

type Report = Evaluation['report'];

function aggregates({report}: Evaluation): string {
  return summaryTable(report.summary, report.losses);
}

function summaryTable(summary: Report['summary'], losses: Report['losses']): string {
  const rows = Object.entries(summary).map(([column, s]) => [
    column,
    losses[column]?.better ?? '',
    numberText(s.value),
    s.ci95 ? `${numberText(s.ci95[0])} … ${numberText(s.ci95[1])}` : '–',
    numberText(s.median),
    numberText(s.min),
    numberText(s.max),
    String(s.count),
    ...[s.undefined, s.infinite].map((count) => (count === 0 ? '' : String(count))),
  ]);
  const head = ['loss', 'better', 'value', '95 % of the mean', 'median', 'min', 'max', 'n', 'undefined', 'infinite'];
  const used = head.map((_, i) => i < 8 || rows.some((row) => row[i] !== ''));
  const keep = (cells: readonly string[]) => cells.filter((_, i) => used[i]);
  return plainTable(keep(head), rows.map(keep), [2, 3, 4, 5, 6, 7, 8, 9]);
}

function worst({worst: lists}: Evaluation, count: number): string {
  const rows = Object.entries(lists)
    .filter(([, list]) => list.length > 0)
    .map(([column, list]) => [
      column,
      ...list.slice(0, count).map(({key, value}) => `${key} ${pc.dim(numberText(value))}`),
    ]);
  if (rows.length === 0) return '';
  const widest = Math.max(...rows.map((row) => row.length));
  const head = ['worst', ...Array.from({length: widest - 1}, (_, i) => String(i + 1))];
  return plainTable(
    head,
    rows.map((row) => [...row, ...Array(widest - row.length).fill('')]),
  );
}
