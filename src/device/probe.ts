import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {firstLine} from './first-line.js';

/** A driver that hangs must not keep the others waiting. */
const TIMEOUT_MS = 20_000;

/** How long a program is waited for. */
export interface ProbeOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program that prints JSON, in a process of its own: a native library that this processor cannot run ends its
 * process. Never throws; an aborted one is an error too.
 */
export function probe<Answer>(
  program: URL,
  args: readonly string[] = [],
  {timeoutMs = TIMEOUT_MS, signal}: ProbeOptions = {},
): Promise<Answer | {readonly error: string}> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...process.execArgv, fileURLToPath(program), ...args],
      {timeout: timeoutMs, killSignal: 'SIGKILL', windowsHide: true, signal},
      (error, stdout, stderr) =>
        resolve(
          answerOf<Answer>(stdout) ?? {
            error: error?.killed ? `it gave no answer within ${timeoutMs / 1000} s` : endOf(error, stderr),
          },
        ),
    );
  });
}

function answerOf<Answer>(stdout: string): Answer | null {
  try {
    // Native libraries may print lines of their own before it.
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as Answer;
  } catch {
    return null;
  }
}

function endOf(error: {signal?: unknown; code?: unknown} | null, stderr: string): string {
  const reasons = [error?.signal ?? `exit code ${error?.code ?? 0}`, firstLine(stderr)];
  return `its process ended early (${reasons.filter((part) => part !== '').join(', ')})`;
}
