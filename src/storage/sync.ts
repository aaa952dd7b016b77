import fs, {type FileHandle} from 'node:fs/promises';
import process from 'node:process';
import {errorCode} from './storage-error.js';

/** File systems without fsync (some network and shared folders) say so with these; there is nothing more to ask of them. */
const UNSUPPORTED: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Waits until a file's bytes are on the disk. */
export function syncFile(handle: FileHandle): Promise<void> {
  return whereSupported(() => handle.sync());
}

/** The same of a file that grew: its bytes and its length, not its times. */
export function syncData(handle: FileHandle): Promise<void> {
  return whereSupported(() => handle.datasync());
}

async function whereSupported(sync: () => Promise<void>): Promise<void> {
  try {
    await sync();
  } catch (error) {
    if (!UNSUPPORTED.has(errorCode(error))) throw error;
  }
}

/** Waits until a folder's names (a rename) are on the disk. Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  let handle: FileHandle;
  try {
    handle = await fs.open(folder, 'r');
  } catch (error) {
    // A folder that may be written but not read cannot be opened for fsync; the rename itself has been done.
    if (errorCode(error) === 'EACCES') return;
    throw error;
  }
  try {
    await syncFile(handle);
  } finally {
    await handle.close();
  }
}
