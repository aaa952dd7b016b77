import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {firstLine} from './check.js';

/** A driver that hangs must not keep the others waiting. */
const TIMEOUT_MS = 20_000;

/**
 * Runs a program of this folder (`device-probe`) that prints JSON, in a process of its own: a native library that this
 * processor cannot run ends its process. Never throws.
 */
export function probe<Answer>(program: string, ...args: readonly string[]): Promise<Answer | {readonly error: string}> {
  const file = fileURLToPath(new URL(`./${program}.js`, import.meta.url));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...process.execArgv, file, ...args],
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
