import {createHash} from 'node:crypto';
import {statSync} from 'node:fs';
import fs from 'node:fs/promises';
import type {FileState} from '../journal/row-entry.js';
import type {RoleFile} from '../samples/sample.js';

/** The state of a file, from the system's answer. */
export function stateOf(stats: {size: number; mtimeMs: number; ctimeMs: number; ino: number}): FileState {
  return [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino];
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
