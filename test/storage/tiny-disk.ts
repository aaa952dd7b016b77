import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A real file system of 64 KiB; null where mounting is not permitted (only root may). Call `remove` when done. */
export function mountTinyDisk(): {readonly path: string; remove(): void} | null {
  const path = mkdtempSync(join(tmpdir(), 'cv-loss-tiny-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], {stdio: 'ignore'});
  } catch {
    rmSync(path, {recursive: true});
    return null;
  }
  return {
    path,
    remove() {
      execFileSync('umount', [path]);
      rmSync(path, {recursive: true});
    },
  };
}
