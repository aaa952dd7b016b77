import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';

/** In memory where there is such a place, so that fsync costs nothing. */
const ROOT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** An empty folder that is gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(ROOT, 'cv-loss-storage-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}
