import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {firstLine} from './first-line.js';

/** A driver that hangs must not keep the others waiting. */
const TIMEOUT_MS = 20_000;

/**
 * Runs a program that prints JSON, in a process of its own: a native library that this processor cannot run ends its
 * process. Never throws.
 */
export function probe<Answer>(program: URL, ...args: readonly string[]): Promise<Answer | {readonly error: string}> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...process.execArgv, fileURLToPath(program), ...args],
      {timeout: TIMEOUT_MS, windowsHide: true},
      (error, stdout, stderr) =>
        resolve(answerOf<Answer>(stdout) ?? {error: `its process ended early (${reason(error, stderr)})`}),
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

function reason(error: {killed?: boolean; signal?: unknown; code?: unknown} | null, stderr: string): string {
  if (error?.killed) return `no answer within ${TIMEOUT_MS / 1000} s`;
  return [error?.signal ?? `exit code ${error?.code ?? 0}`, firstLine(stderr)].filter((part) => part !== '').join(', ');
}
