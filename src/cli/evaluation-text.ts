import {relative} from 'node:path';
import type {Evaluation} from '../evaluate.js';
import {printable} from '../printable.js';
import type {Row} from '../rows/row.js';
import {colours} from './colours.js';
import {changesText} from './comparison-text.js';
import {gateLines} from './gate-lines.js';
import {numberText, secondsText} from './number-text.js';
import {ownAggregates} from './own-aggregates.js';
import {ROWS_SHOWN} from './rows-shown.js';
import {shownColumns, summaryTable} from './summary-table.js';
import {plainTable} from './table.js';

/** Groups printed; the report has them all. */
const GROUPS_SHOWN = 20;

/** What `eval` prints: what was scored (by which config, where one was found), the aggregates, the worst pairs of each loss. */
export function evaluationText(evaluation: Evaluation, worstCount: number, foundConfig: string | null): string {
  const {report, seconds, reportDir, cache} = evaluation;
  const by = foundConfig === null ? '' : ` · ${foundConfig}`;
  const known = cache?.hits ? ` · ${cache.hits} of ${cache.hits + cache.misses} images known from earlier runs` : '';
  const head = `${countsText(report.counts)}${by} · device ${report.device.name} · ${secondsText(seconds)}${known}`;
  const blocks = [
    [head, ...hashedLines(report)].join('\n'),
    summaryTable(report.summary, shownColumns(report)),
    ownAggregates(report),
  ];
  blocks.push(...groupBlocks(report));
  if (worstCount > 0) blocks.push(worst(evaluation, worstCount));
  if (evaluation.comparison) blocks.push(changesText(evaluation.comparison));
  blocks.push(gateLines(report.gates).join('\n'));
  if (reportDir) blocks.push(`report in ${relative('.', reportDir) || '.'}`);
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** How many samples there were, and how they went. */
export function countsText({samples, ok, undefined: undefinedRows, failed}: Report['counts']): string {
  const parts = [
    `${samples} ${samples === 1 ? 'sample' : 'samples'}: ${ok} ok`,
    ...(undefinedRows > 0 ? [`${undefinedRows} undefined`] : []),
    ...(failed > 0 ? [colours.red(`${failed} failed`)] : []),
  ];
  return parts.join(', ');
}

/** Whether a network had weights that mean nothing. */
export function hashedLines({networks = []}: Report): string[] {
  const isHashed = networks.some(({weights}) => /^hashed seed \d+$/.test(weights));
  return isHashed ? [colours.yellow('hashed weights: numbers are for tests only')] : [];
}

function groupBlocks(report: Report): string[] {
  const {groups} = report;
  const columns = shownColumns(report);
  const all = Object.entries(groups);
  const shown = all
    .slice(0, GROUPS_SHOWN)
    .map(([group, summary]) => `${colours.bold(`group ${printable(group)}`)}\n${summaryTable(summary, columns)}`);
  const more = all.length - shown.length;
  return more > 0 ? [...shown, `… and ${more} more groups, see report.json`] : shown;
}

/** One line for each of the first failed samples, and how many more there are. */
export function failureLines({report, reportDir}: Evaluation): string[] {
  const shown = report.failures
    .slice(0, ROWS_SHOWN)
    .map(({key, code, message}) => `cv-loss: ${printable(`${key}: ${code}: ${message}`)}`);
  const more = report.failure_count - shown.length;
  return more > 0
    ? [...shown, `cv-loss: … and ${more} more failed samples${reportDir === null ? '' : ', see the report'}`]
    : shown;
}

/** One line for each of the first samples that have an undefined value, with the reason, and how many more there are. */
export function undefinedLines({report, reportDir}: Evaluation, first: readonly Row[]): string[] {
  const shown = first.map(({key, reason}) => `cv-loss: ${printable(`${key}: undefined: ${reason}`)}`);
  const more = report.counts.undefined - shown.length;
  const where = reportDir === null ? '' : ', see the report';
  return more > 0 ? [...shown, `cv-loss: … and ${more} more undefined samples${where}`] : shown;
}

type Report = Evaluation['report'];

/** The worst samples of each loss; of a loss without a value of its own those of its parts, which for classes would be many. */
function worst(evaluation: Evaluation, count: number): string {
  const {columns} = evaluation.report;
  const names = new Set(columns.map(({name}) => name));
  const rows = columns
    .filter(({name, better}) => better !== 'none' && (!name.includes('.') || !names.has(name.split('.')[0] ?? '')))
    .map(({name}) => ({name, list: evaluation.worst(name, count)}))
    .filter(({list}) => list.length > 0)
    .map(({name, list}) => [
      name,
      ...list.map(({key, value}) => `${printable(key)} ${colours.dim(numberText(value))}`),
    ]);
  if (rows.length === 0) return '';
  const widest = Math.max(...rows.map((row) => row.length));
  const head = ['worst', ...Array.from({length: widest - 1}, (_, i) => String(i + 1))];
  return plainTable(
    head,
    rows.map((row) => [...row, ...Array(widest - row.length).fill('')]),
  );
}
