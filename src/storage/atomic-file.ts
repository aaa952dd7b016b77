import fs, {type FileHandle} from 'node:fs/promises';
import {dirname} from 'node:path';
import {RunError} from '../errors.js';
import {errorCode, storageError} from './storage-error.js';
import {syncFile, syncFolder} from './sync.js';
import {claimTemporary, releaseTemporary, removeStaleTemporaries} from './temporary.js';

/** Bytes gathered before they go to the disk. */
const BUFFER_BYTES = 128 * 1024;

/**
 * A file that appears whole or not at all. Bytes go to a temporary in the same folder; `commit` renames it over
 * the target, so a reader sees the old file or the new one. Every method throws RunError (see storageError).
 *
 * A target that is a symbolic link is replaced by a file, and what it points at stays as it was: outputs linked
 * into a cache of read-only contents (DVC) must not be written through.
 */
export interface AtomicFile {
  readonly path: string;
  /** Adds text (as UTF-8) or bytes. Resolves when there is room for more: await it. */
  write(data: string | Uint8Array): Promise<void>;
  /** Everything is on the disk and its length checked, only the name is missing. `commit` does it when it was not done. */
  seal(): Promise<void>;
  /** The file takes its name. Nothing can be written afterwards. */
  commit(): Promise<void>;
  /** Throws the file away; nothing happens after a commit. Never throws: a temporary that cannot be removed now is removed by the next open. */
  abandon(): Promise<void>;
}

/**
 * Opens a file to be written whole, after removing what dead processes left of it.
 * Throws RunError when the folder is missing or not writable, or when `path` is a folder or a device.
 */
export async function openAtomicFile(path: string): Promise<AtomicFile> {
  const temporary = claimTemporary(path);
  try {
    await refuseSpecial(path);
    await removeStaleTemporaries(path);
    return new TemporaryFile(path, temporary, await fs.open(temporary, 'wx'));
  } catch (error) {
    releaseTemporary(temporary);
    throw storageError(error, path);
  }
}

/** Writes a whole file at once, or leaves what was there. */
export async function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const file = await openAtomicFile(path);
  try {
    await file.write(data);
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

class TemporaryFile implements AtomicFile {
  private state: 'open' | 'sealed' | 'done' = 'open';
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private length = 0;
  private flushed: Promise<void> = Promise.resolve();

  constructor(
    readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  async write(data: string | Uint8Array): Promise<void> {
    if (this.state !== 'open') throw new RunError('write-failed', `cannot write ${this.path}: it is already closed`);
    // Bytes are copied, so that the caller may use its buffer again.
    const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes >= BUFFER_BYTES) await this.flush();
  }

  async seal(): Promise<void> {
    if (this.state === 'sealed') return;
    if (this.state === 'done') throw new RunError('write-failed', `cannot write ${this.path}: it is already closed`);
    await this.flush();
    try {
      const {size} = await this.handle.stat();
      if (size !== this.length) throw new Error(`${size} bytes arrived of the ${this.length} written`);
      await syncFile(this.handle);
      await this.handle.close();
      this.state = 'sealed';
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  async commit(): Promise<void> {
    await this.seal();
    try {
      await fs.rename(this.temporary, this.path);
      this.state = 'done';
      releaseTemporary(this.temporary);
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  async abandon(): Promise<void> {
    if (this.state === 'done') return;
    const open = this.state === 'open';
    this.state = 'done';
    this.pending = [];
    await this.flushed.catch(() => undefined);
    if (open) await this.handle.close().catch(() => undefined);
    await fs.rm(this.temporary, {force: true}).catch(() => undefined);
    releaseTemporary(this.temporary);
  }

  private flush(): Promise<void> {
    const bytes = Buffer.concat(this.pending, this.pendingBytes);
    this.pending = [];
    this.pendingBytes = 0;
    this.flushed = this.flushed.then(() => this.append(bytes));
    return this.flushed;
  }

  private async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length; ) {
        const {bytesWritten} = await this.handle.write(bytes, at);
        if (bytesWritten === 0) throw new Error('the system takes no more bytes');
        at += bytesWritten;
      }
      this.length += bytes.length;
    } catch (error) {
      throw storageError(error, this.path);
    }
  }
}

/** A rename would put a file in place of /dev/stdout or a pipe, and fails late on a folder. */
async function refuseSpecial(path: string): Promise<void> {
  const refusal = await specialKind(path);
  if (refusal) throw new RunError('not-a-file', `cannot write ${path}: it is ${refusal}; choose another place`);
}

async function specialKind(path: string): Promise<string | null> {
  try {
    const stats = await fs.lstat(path);
    if (stats.isDirectory()) return 'a folder';
    const target = stats.isSymbolicLink() ? await fs.stat(path) : stats;
    return target.isFile() || target.isDirectory() ? null : 'no regular file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
