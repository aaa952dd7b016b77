import {appendFileSync} from 'node:fs';
import {UsageError} from '../errors.js';
import type {Evaluation} from '../evaluation.js';
import {markdownText} from '../report/markdown.js';
import {numberText} from './number-text.js';

/** GitHub shows ten annotations of a kind for a step. */
const SHOWN = 10;

/**
 * Workflow commands that GitHub Actions turns into annotations: an error for each failed gate, a warning for each that
 * only warns and for failed samples, a notice for each of the worst ten pairs of the column that failed first.
 */
export function annotations(evaluation: Evaluation): string[] {
  const {gates, failures, columns} = evaluation.report;
  const failed = gates.filter(({verdict}) => verdict === 'fail');
  const ofLevel = (level: string) => failed.filter((gate) => gate.level === level);
  const gateText = ({name, expected, actual, reason}: (typeof gates)[number]) =>
    [`${name}: expected ${expected}, got ${actual === null ? 'nothing' : numberText(actual)}`, reason]
      .filter((part) => part !== '')
      .join('; ');
  const column = columns.find(({name}) => failed.some((gate) => gate.name.startsWith(name)));
  const worst = column === undefined || column.better === 'none' ? [] : evaluation.worst(column.name, SHOWN);
  return [
    ...ofLevel('error').map((gate) => command('error', 'cv-loss gate', gateText(gate))),
    ...[
      ...ofLevel('warn').map((gate) => command('warning', 'cv-loss gate', gateText(gate))),
      ...failures.map(({key, code, message}) => command('warning', 'cv-loss sample', `${key}: ${code}: ${message}`)),
    ].slice(0, SHOWN),
    ...worst.map(({key, value}, i) =>
      command('notice', `cv-loss worst ${column?.name}`, `${i + 1}. ${key}: ${numberText(value)}`),
    ),
  ];
}

/**
 * Appends the report's Markdown to the summary of the step (`GITHUB_STEP_SUMMARY`), far below the 1 MiB that GitHub
 * takes; nothing outside GitHub Actions. Throws UsageError where the file cannot be written.
 */
export function appendStepSummary({report}: Evaluation, file = process.env.GITHUB_STEP_SUMMARY): void {
  if (!file) return;
  try {
    appendFileSync(file, markdownText(report));
  } catch (error) {
    throw new UsageError(`GITHUB_STEP_SUMMARY: cannot write ${file} (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}

/** `::error title=…::message`; what would end the line or the title is escaped as the runner reads it. */
function command(kind: 'error' | 'warning' | 'notice', title: string, message: string): string {
  const text = (given: string) => given.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::${kind} title=${text(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${text(message)}`;
}
