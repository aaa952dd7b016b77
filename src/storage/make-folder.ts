import fs from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import {storageError} from './storage-error.js';
import {syncFolder} from './sync.js';

/** A folder that exists now, and the way to take back what was made of it. */
export interface MadeFolder {
  readonly path: string;
  /** Removes the folders that were made, as far as they are empty. Never throws. */
  unmake(): Promise<void>;
}

/** Makes a folder and its parents where they are missing. Throws RunError (see storageError). */
export async function makeFolder(path: string): Promise<MadeFolder> {
  try {
    const made = await fs.mkdir(path, {recursive: true});
    const first = made === undefined ? undefined : resolve(made);
    if (first !== undefined) await syncFolder(dirname(first));
    return {path, unmake: () => unmake(resolve(path), first)};
  } catch (error) {
    throw storageError(error, path);
  }
}

async function unmake(path: string, first: string | undefined): Promise<void> {
  if (first === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      await fs.rmdir(folder);
    } catch {
      // Not empty (somebody else's file) or already gone: what is above it stays as well.
      return;
    }
    if (folder === first) return;
  }
}
