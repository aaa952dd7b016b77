import {RunError} from '../errors.js';
import {commandText, terminalText} from '../printable.js';

/**
 * A reader that goes away (`cv-loss … | head`) ends the output, not the program with an error. Whatever else
 * befalls standard output (a full disk) is told to `onLost`.
 */
export function watchStreams(onLost: (error: RunError) => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    const code = error.code === 'ENOSPC' ? 'disk-full' : 'output-lost';
    onLost(new RunError(code, `cannot write standard output (${error.code ?? error.message})`, {cause: error}));
  });
  // There is no other place to say that standard error is lost.
  process.stderr.on('error', () => undefined);
}

/** Writes text to standard output, without what a terminal would obey. */
export function print(text: string): void {
  process.stdout.write(terminalText(text.endsWith('\n') ? text : `${text}\n`));
}

/** Writes a line of log to standard error, in the same way. */
export function log(line: string): void {
  process.stderr.write(terminalText(`${line}\n`));
}

/** Writes a workflow command to standard error, where CI services look for them. */
export function logCommand(line: string): void {
  process.stderr.write(commandText(`${line}\n`));
}
