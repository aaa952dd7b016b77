import fs from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {errorCode, storageError} from './storage-error.js';
import {syncFile, syncFolder} from './sync.js';
import {claimTemporary, releaseTemporary, removeStaleTemporaries} from './temporary.js';

/**
 * A folder whose files appear all at once, in place of those that it held before. Files go to a temporary beside it;
 * `commit` renames that, so a reader sees the old folder or the new one, and for an instant none. Every method throws
 * RunError (see storageError) unless it says otherwise.
 */
export interface AtomicFolder {
  readonly path: string;
  /** Writes a file, named from the folder with `/`; folders on its way are made. */
  add(name: string, data: string | Uint8Array): Promise<void>;
  /** The folder takes its name; one without a file takes away what was there. */
  commit(): Promise<void>;
  /** After `commit`: what was there is back. Never throws. */
  restore(): Promise<void>;
  /** After `commit`: what was there is gone for good. Never throws. */
  forget(): Promise<void>;
  /** Throws the files away; nothing after `commit`. Never throws. */
  abandon(): Promise<void>;
}

/** Begins a folder, after removing what dead processes left of it. Its parent must be there. */
export async function openAtomicFolder(path: string): Promise<AtomicFolder> {
  await removeStaleTemporaries(path);
  return new TemporaryFolder(path);
}

class TemporaryFolder implements AtomicFolder {
  private readonly temporary: string;
  private backup: string | null = null;
  private state: 'empty' | 'written' | 'done' = 'empty';

  constructor(readonly path: string) {
    this.temporary = claimTemporary(path);
  }

  async add(name: string, data: string | Uint8Array): Promise<void> {
    const file = join(this.temporary, name);
    try {
      this.state = 'written';
      await fs.mkdir(dirname(file), {recursive: true});
      const handle = await fs.open(file, 'wx');
      try {
        await handle.writeFile(data);
        await syncFile(handle);
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw storageError(error, join(this.path, name));
    }
  }

  async commit(): Promise<void> {
    const backup = claimTemporary(this.path);
    try {
      await fs.rename(this.path, backup).then(
        () => {
          this.backup = backup;
        },
        (error: unknown) => {
          releaseTemporary(backup);
          if (errorCode(error) !== 'ENOENT') throw error;
        },
      );
      if (this.state === 'written') await fs.rename(this.temporary, this.path);
      this.state = 'done';
      releaseTemporary(this.temporary);
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  async restore(): Promise<void> {
    if (this.state === 'done') await fs.rm(this.path, {recursive: true, force: true}).catch(() => undefined);
    if (this.backup !== null) await fs.rename(this.backup, this.path).catch(() => undefined);
    this.letGo();
  }

  async forget(): Promise<void> {
    if (this.backup !== null) await fs.rm(this.backup, {recursive: true, force: true}).catch(() => undefined);
    this.letGo();
  }

  async abandon(): Promise<void> {
    if (this.state === 'done') return;
    this.state = 'done';
    await fs.rm(this.temporary, {recursive: true, force: true}).catch(() => undefined);
    releaseTemporary(this.temporary);
  }

  private letGo(): void {
    if (this.backup !== null) releaseTemporary(this.backup);
    this.backup = null;
  }
}
