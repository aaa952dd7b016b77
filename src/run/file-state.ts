import {createHash} from 'node:crypto';
import {statSync} from 'node:fs';
import fs from 'node:fs/promises';
import type {FileState} from '../journal/row-entry.js';
import type {RoleFile} from '../samples/sample.js';

/** What the system says of a file. */
interface FileStats {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

/** File systems count time in steps of up to 2 s (FAT): a file that was changed within one may change again under the same times. */
const TIME_STEP_MS = 2_000;

/** Stands for the times of a file that was changed just before: equal to no file's, so that its bytes decide. */
const UNSETTLED = -1;

/** The state of a file that is about to be read. */
export function stateBeforeRead(stats: FileStats, now = Date.now()): FileState {
  const settled = now - Math.max(stats.mtimeMs, stats.ctimeMs) > TIME_STEP_MS;
  const {size, mtimeMs, ctimeMs, ino} = stats;
  return settled ? [size, mtimeMs, ctimeMs, ino] : [size, UNSETTLED, UNSETTLED, ino];
}

/**
 * Whether a role's files are still those whose states and hash are known: by their states, else by their bytes. A promise
 * only where these have to be read; the files are looked at without waiting, of a million rows in seconds.
 */
export function isUnchanged(file: RoleFile, states: readonly FileState[], sha256: string): boolean | Promise<boolean> {
  const paths = typeof file === 'string' ? [file] : file;
  if (paths.length !== states.length) return false;
  for (const [i, path] of paths.entries()) {
    const stats = statsOf(path);
    // It is read again, and its row says what is wrong with it.
    if (stats === null) return false;
    if (!isState(stats, states[i] as FileState)) return hasBytes(paths, sha256);
  }
  return true;
}

function statsOf(path: string): FileStats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function isState({size, mtimeMs, ctimeMs, ino}: FileStats, state: FileState): boolean {
  return size === state[0] && mtimeMs === state[1] && ctimeMs === state[2] && ino === state[3];
}

async function hasBytes(paths: readonly string[], sha256: string): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    for (const path of paths) hash.update(await fs.readFile(path));
  } catch {
    return false;
  }
  return hash.digest('hex') === sha256;
}
