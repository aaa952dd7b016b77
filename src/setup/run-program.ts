import {spawn} from 'node:child_process';
import {errorCode} from '../storage/storage-error.js';

/** How a program ended, and what it printed. */
export interface Ended {
  /** Null where it is not there. */
  readonly code: number | null;
  readonly stdout: string;
  /** Standard output and error as they came. */
  readonly output: string;
}

/** Where a program runs. */
export interface RunOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** What npm tells the scripts that it starts, cv-loss under `npx` among them: it would steer another npm. */
const OF_NPM = /^npm_(package|lifecycle|config_(global|prefix|local_prefix|omit|include|ignore_scripts|dry_run))/;

/** Runs a program to its end. Throws the signal's reason when aborted; a program that is missing or fails is told by its code. */
export function runProgram(
  program: string,
  args: readonly string[],
  {cwd, signal, env}: RunOptions = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !OF_NPM.test(name));
  const child = spawn(program, args, {
    cwd,
    signal,
    env: {...Object.fromEntries(inherited), ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what it starts ends with it.
    detached: true,
  });
  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It is gone.
    }
  };
  signal?.addEventListener('abort', endGroup, {once: true});
  let [stdout, output] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise<Ended>((resolve, reject) => {
    child.on('error', (error) => {
      if (signal?.aborted) return;
      if (errorCode(error) === 'ENOENT') resolve({code: null, stdout, output});
      else reject(error);
    });
    child.on('close', (code, ending) => {
      if (signal?.aborted) reject(signal.reason);
      else resolve({code: code ?? (ending === null ? null : 128), stdout, output});
    });
  }).finally(() => signal?.removeEventListener('abort', endGroup));
}

/** The line of a program's output that says what went wrong: the last that begins as errors do, else the last. */
export function errorLine(output: string): string {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const told = lines.filter((line) => /\berror\b|ERR!/i.test(line) && !/A complete log of this run/.test(line));
  const line = told.at(-1) ?? lines.at(-1) ?? 'it says nothing';
  return line.replace(/^(npm (error|ERR!)|ERROR:|error:|gyp ERR!)\s*/i, '');
}
