import {RunError, UsageError} from '../errors.js';
import {gatesPass} from '../gate/check.js';
import {runReasons} from '../messages/run-reasons.js';
import {printable} from '../printable.js';
import type {Report} from '../report/report.js';
import {log} from './streams.js';

/** Exit codes, as scripts may rely on them. */
export const EXIT = {
  done: 0,
  failedGate: 1,
  usage: 2,
  failedSamples: 3,
  unfinished: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/** The exit code of finished evaluations. Failed samples come before failed gates: what could not be scored was not judged. */
export function exitCodeOf(reports: readonly Pick<Report, 'counts' | 'gates'>[]): number {
  if (reports.some(({counts}) => counts.failed > 0)) return EXIT.failedSamples;
  return reports.every(({gates}) => gatesPass(gates)) ? EXIT.done : EXIT.failedGate;
}

/** Prints an error as a line for each mistake, its code behind it, and sets the exit code. */
export function exitWith(error: unknown): void {
  if (error instanceof UsageError) {
    for (const {code, text} of error.mistakes) log(`cv-loss: ${printable(text)}${code === null ? '' : ` [${code}]`}`);
    process.exitCode = EXIT.usage;
    return;
  }
  if (error instanceof RunError) {
    log(`cv-loss: ${error.code}: ${printable(error.message)} [${runReasons[error.code].code}]`);
    process.exitCode = EXIT.unfinished;
    return;
  }
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  log(
    `cv-loss: internal-error: ${printable(message)} (a defect of cv-loss; CV_LOSS_DEBUG=1 prints where it happened) [${runReasons['internal-error'].code}]`,
  );
  if (process.env.CV_LOSS_DEBUG && error instanceof Error) log(error.stack ?? '');
  process.exitCode = EXIT.unfinished;
}
