import fs from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import {errorCode, storageError} from './storage-error.js';
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
    const made = await makeMissing(resolve(path));
    if (made[0] !== undefined) await syncFolder(dirname(made[0]));
    return {path, unmake: () => unmake(made)};
  } catch (error) {
    throw storageError(error, path);
  }
}

/** The folders that were made, outermost first. Not mkdir's own `recursive`, which on Node 20 never returns below /proc. */
async function makeMissing(path: string): Promise<string[]> {
  try {
    await fs.mkdir(path);
    return [path];
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) {
      if (await isFolder(path)) return [];
      throw error;
    }
  }
  const parents = await makeMissing(dirname(path));
  try {
    await fs.mkdir(path);
    return [...parents, path];
  } catch (error) {
    // Another process may have made it meanwhile; what else is wrong with it, the first error tells.
    if (await isFolder(path).catch(() => false)) return parents;
    await unmake(parents);
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await fs.stat(path)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function unmake(made: readonly string[]): Promise<void> {
  for (const folder of made.toReversed()) {
    try {
      await fs.rmdir(folder);
    } catch {
      // Not empty (somebody else's file) or already gone: what is above it stays as well.
      return;
    }
  }
}
