import fs from 'node:fs/promises';
import {dirname} from 'node:path';
import type {AtomicFile} from './atomic-file.js';
import type {AtomicFolder} from './atomic-folder.js';
import {errorCode, storageError} from './storage-error.js';
import {syncFolder} from './sync.js';
import {claimTemporary, releaseTemporary} from './temporary.js';

/** A file that was there before, under its name and a second one. */
interface Kept {
  readonly path: string;
  /** Null where there was none. */
  readonly backup: string | null;
}

/**
 * Gives several sealed files their names, in order, and takes `obsolete` files away before the last one; before all of them
 * `folders` take theirs. Where one step fails, every file and folder is again as it was. Throws RunError (see
 * storageError).
 */
export async function commitTogether(
  files: readonly AtomicFile[],
  obsolete: readonly string[],
  folders: readonly AtomicFolder[] = [],
): Promise<void> {
  const kept: Kept[] = [];
  try {
    for (const path of [...files.map((file) => file.path), ...obsolete]) kept.push(await keep(path));
    for (const folder of folders) await folder.commit();
    for (const file of files.slice(0, -1)) await file.commit();
    for (const path of obsolete) await remove(path);
    await files.at(-1)?.commit();
  } catch (error) {
    for (const one of kept.toReversed()) await restore(one);
    for (const folder of folders.toReversed()) await folder.restore();
    throw error;
  }
  for (const {backup} of kept) if (backup !== null) await forget(backup);
  for (const folder of folders) await folder.forget();
}

async function keep(path: string): Promise<Kept> {
  const backup = claimTemporary(path);
  try {
    await fs.link(path, backup).catch(async (error: unknown) => {
      // Not every file system has hard links.
      if (errorCode(error) === 'ENOENT') throw error;
      await fs.copyFile(path, backup);
    });
    return {path, backup};
  } catch (error) {
    await forget(backup);
    if (errorCode(error) === 'ENOENT') return {path, backup: null};
    throw storageError(error, path);
  }
}

async function remove(path: string): Promise<void> {
  await fs.rm(path, {force: true}).catch((error: unknown) => {
    throw storageError(error, path);
  });
}

/** Never throws: what cannot be put back stays under its second name until the next run. */
async function restore({path, backup}: Kept): Promise<void> {
  try {
    if (backup === null) await fs.rm(path, {force: true});
    else {
      await fs.rename(backup, path);
      // Of a file that was not replaced both names are there still: a rename of one to the other does nothing.
      await fs.rm(backup, {force: true});
    }
    await syncFolder(dirname(path));
  } catch {
    return;
  } finally {
    if (backup !== null) releaseTemporary(backup);
  }
}

async function forget(backup: string): Promise<void> {
  await fs.rm(backup, {force: true}).catch(() => undefined);
  releaseTemporary(backup);
}
