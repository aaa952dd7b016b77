import fs, {type FileHandle} from 'node:fs/promises';
import {dirname} from 'node:path';
import {errorCode, storageError} from './storage-error.js';
import {syncData, syncFolder} from './sync.js';

/** A file that only grows: what was appended is on the disk, and a power loss tears the last piece at most. */
export interface AppendFile {
  /** For reading. */
  readonly handle: FileHandle;
  /** Adds bytes after the last that arrived and waits until they are on the disk. Throws RunError (see storageError). */
  append(data: Uint8Array): Promise<void>;
  /** Forgets everything after `length` bytes. Throws RunError. */
  cut(length: number): Promise<void>;
  /** Never throws. */
  close(): Promise<void>;
  /** Closes the file and takes it away, with the folder knowing. Throws RunError. */
  remove(): Promise<void>;
}

/** Opens a file to read it and append to it, or makes it. Throws RunError (see storageError). */
export async function openAppendFile(path: string): Promise<AppendFile> {
  try {
    return new GrowingFile(path, await openOrMake(path));
  } catch (error) {
    throw storageError(error, path);
  }
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await fs.open(path, 'r+');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const handle = await fs.open(path, 'wx+');
  await syncFolder(dirname(path));
  return handle;
}

class GrowingFile implements AppendFile {
  #length: number | null = null;

  constructor(
    private readonly path: string,
    readonly handle: FileHandle,
  ) {}

  async append(data: Uint8Array): Promise<void> {
    try {
      this.#length ??= (await this.handle.stat()).size;
      for (let at = 0; at < data.length; ) {
        const {bytesWritten} = await this.handle.write(data, at, data.length - at, this.#length + at);
        if (bytesWritten === 0) throw new Error('the system takes no more bytes');
        at += bytesWritten;
      }
      await syncData(this.handle);
      this.#length += data.length;
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  async cut(length: number): Promise<void> {
    try {
      await this.handle.truncate(length);
      this.#length = length;
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }

  async remove(): Promise<void> {
    await this.close();
    try {
      await fs.rm(this.path, {force: true});
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw storageError(error, this.path);
    }
  }
}
