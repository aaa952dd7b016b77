import {appendFileSync} from 'node:fs';
import {UsageError} from '../errors.js';
import type {Evaluation} from '../evaluation.js';
import {numberText} from './number-text.js';

/** GitHub shows ten annotations of a kind for a step. */
const SHOWN = 10;

/** An evaluation, with the name of its set where it is one of a series. */
interface NamedEvaluation {
  readonly name: string | null;
  readonly evaluation: Evaluation;
}

/**
 * Workflow commands that GitHub Actions turns into annotations: an error for each failed gate, a warning for each that
 * only warns and for failed samples, a notice for each of the worst ten pairs of the column that failed first.
 */
export function annotations(evaluations: readonly NamedEvaluation[]): string[] {
  const all = evaluations.map(annotationsOf);
  return [
    ...all.flatMap(({errors}) => errors),
    ...all.flatMap(({warnings}) => warnings).slice(0, SHOWN),
    ...all.flatMap(({notices}) => notices).slice(0, SHOWN),
  ];
}

function annotationsOf({name, evaluation}: NamedEvaluation) {
  const {gates, failures, columns} = evaluation.report;
  const of = name === null ? '' : `${name}: `;
  const failed = gates.filter(({verdict}) => verdict === 'fail');
  const ofLevel = (level: string) => failed.filter((gate) => gate.level === level);
  const gateText = (gate: (typeof gates)[number]) =>
    [
      `${of}${gate.name}: expected ${gate.expected}, got ${gate.actual === null ? 'nothing' : numberText(gate.actual)}`,
      gate.reason,
    ]
      .filter((part) => part !== '')
      .join('; ');
  const column = columns.find((one) => failed.some((gate) => gate.name.startsWith(one.name)));
  const worst = column === undefined || column.better === 'none' ? [] : evaluation.worst(column.name, SHOWN);
  return {
    errors: ofLevel('error').map((gate) => command('error', 'cv-loss gate', gateText(gate))),
    warnings: [
      ...ofLevel('warn').map((gate) => command('warning', 'cv-loss gate', gateText(gate))),
      ...failures.map(({key, code, message}) =>
        command('warning', 'cv-loss sample', `${of}${key}: ${code}: ${message}`),
      ),
    ],
    notices: worst.map(({key, value}, i) =>
      command('notice', `cv-loss worst ${column?.name}`, `${i + 1}. ${of}${key}: ${numberText(value)}`),
    ),
  };
}

/**
 * Appends Markdown to the summary of the step (`GITHUB_STEP_SUMMARY`), far below the 1 MiB that GitHub takes; nothing
 * outside GitHub Actions. Throws UsageError where the file cannot be written.
 */
export function appendStepSummary(markdown: string, file = process.env.GITHUB_STEP_SUMMARY): void {
  if (!file) return;
  try {
    appendFileSync(file, markdown);
  } catch (error) {
    throw new UsageError(
      'CVL-A013',
      `GITHUB_STEP_SUMMARY: cannot write ${file} (${(error as NodeJS.ErrnoException).code})`,
      {
        cause: error,
      },
    );
  }
}

/** `::error title=…::message`; what would end the line or the title is escaped as the runner reads it. */
function command(kind: 'error' | 'warning' | 'notice', title: string, message: string): string {
  const text = (given: string) => given.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::${kind} title=${text(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${text(message)}`;
}
