import fs from 'node:fs/promises';
import {errorCode, storageError} from '../storage/storage-error.js';
import {syncFolder} from '../storage/sync.js';
import type {RunFolder} from './run-folder.js';

/**
 * Gives the rows of an attempt the place of their shard, in one step. False where another attempt was there first: its rows
 * are those of the shard, and this one's are thrown away. Throws RunError (see storageError).
 */
export async function publishShard(folder: RunFolder, attempt: string, index: number): Promise<boolean> {
  const from = folder.attempt(attempt);
  try {
    await fs.rename(from, folder.shard(index));
    await syncFolder(folder.shards);
    return true;
  } catch (error) {
    if (!(await isThere(folder, index))) throw storageError(error, folder.shard(index));
    await fs.rm(from, {recursive: true, force: true}).catch(() => undefined);
    return false;
  }
}

/** Whether the rows of a shard are there. Throws RunError. */
export async function isThere(folder: RunFolder, index: number): Promise<boolean> {
  try {
    await fs.stat(folder.shard(index));
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw storageError(error, folder.shard(index));
  }
}
