import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {firstLine} from './check.js';
import type {Probe} from './device-probe.js';

/** A driver that hangs must not keep the others waiting. */
const TIMEOUT_MS = 20_000;

/**
 * Starts a device and computes on it, in a process of its own: a native library that this processor cannot run ends its
 * process. Never throws.
 */
export function probeDevice(name: 'cpu' | 'tensorflow'): Promise<Probe> {
  const program = fileURLToPath(new URL('./device-probe.js', import.meta.url));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...process.execArgv, program, name],
      {timeout: TIMEOUT_MS, windowsHide: true},
      (error, stdout, stderr) =>
        resolve(probeOf(stdout) ?? {error: `its process ended early (${reason(error, stderr)})`}),
    );
  });
}

function probeOf(stdout: string): Probe | null {
  try {
    // Native libraries may print lines of their own before it.
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as Probe;
  } catch {
    return null;
  }
}

function reason(error: {killed?: boolean; signal?: unknown; code?: unknown} | null, stderr: string): string {
  if (error?.killed) return `no answer within ${TIMEOUT_MS / 1000} s`;
  return [error?.signal ?? `exit code ${error?.code ?? 0}`, firstLine(stderr)].filter((part) => part !== '').join(', ');
}
