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
  return settled ? stateOf(stats) : [stats.size, UNSETTLED, UNSETTLED, stats.ino];
}

function stateOf({size, mtimeMs, ctimeMs, ino}: FileStats): FileState {
  return [size, mtimeMs, ctimeMs, ino];
}

/** Whether a role's files are still those whose states and hash are known: by their states, else by their bytes. */
export async function isUnchanged(file: RoleFile, states: readonly FileState[], sha256: string): Promise<boolean> {
  const paths = typeof file === 'string' ? [file] : file;
  if (paths.length !== states.length) return false;
  try {
    // Without waiting: of a million rows the files are looked at in seconds, and nothing else is to be done meanwhile.
    const now = paths.map((path) => stateOf(statSync(path)));
    if (now.every((state, i) => state.every((part, j) => part === states[i]?.[j]))) return true;
    const hash = createHash('sha256');
    for (const path of paths) hash.update(await fs.readFile(path));
    return hash.digest('hex') === sha256;
  } catch {
    // It is read again, and its row says what is wrong with it.
    return false;
  }
}
