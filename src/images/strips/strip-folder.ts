import {closeSync, ftruncateSync, openSync, unlinkSync} from 'node:fs';
import fs from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {RunError} from '../../errors.js';
import type {ElementArray, WritableElements} from '../../kernels/elements.js';
import {storageError} from '../../storage/storage-error.js';
import {claimTemporary, releaseTemporary, removeStaleTemporaries} from '../../storage/temporary.js';
import {FileElements} from './file-elements.js';

/** Elements that are made of others stay in memory up to that many bytes. */
const SMALL_BYTES = 8 * 2 ** 20;

/** Where the system keeps large temporary files, which `/tmp` may hold in memory. */
const LARGE_FILES = '/var/tmp';

/**
 * A folder for pixels that memory does not hold. Its files lose their names as soon as they are open, so that the system
 * takes them back however the process ends.
 */
export class StripFolder {
  readonly #open: number[] = [];
  #names = 0;
  #reserved = 0;

  private constructor(
    readonly path: string,
    private readonly smallBytes: number,
  ) {}

  /**
   * Makes one in the folder that TMPDIR names, else in `/var/tmp`, else in the system's own place, and removes what
   * processes left there that are no more. Rooms of up to `smallBytes` stay in memory. Throws RunError where that cannot be
   * (see `storageError`).
   */
  static async make(smallBytes: number = SMALL_BYTES): Promise<StripFolder> {
    const path = claimTemporary(join(await place(), 'pixels'));
    try {
      await removeStaleTemporaries(path);
      await fs.mkdir(path, {mode: 0o700});
      return new StripFolder(path, smallBytes);
    } catch (error) {
      releaseTemporary(path);
      throw storageError(error, path);
    }
  }

  /** A name in the folder that is not taken. */
  name(extension: string): string {
    this.#names++;
    return join(this.path, `${this.#names}${extension}`);
  }

  /** Makes sure that there is room for so many bytes beside those asked for before. Throws RunError `disk-full`. */
  async reserve(bytes: number, shown: string): Promise<void> {
    this.#reserved += bytes;
    const {bavail, bsize} = await fs.statfs(this.path);
    const free = bavail * bsize;
    if (free >= this.#reserved) return;
    const text = `the decoded pixels of ${shown} need ${bytes} bytes in ${dirname(this.path)}, which has ${free}`;
    throw new RunError('disk-full', `${text}; free some, or set TMPDIR to another folder`);
  }

  /** Opens a file of the folder, which loses its name. */
  open(name: string, flags: 'r' | 'wx+'): number {
    const file = openSync(name, flags, 0o600);
    this.#open.push(file);
    unlinkSync(name);
    return file;
  }

  /** Room for elements: in memory where they are few. Throws RunError where there is none. */
  readonly room = (array: ElementArray, length: number): WritableElements => {
    const bytes = length * array.BYTES_PER_ELEMENT;
    if (bytes <= this.smallBytes) return new array(length);
    try {
      const file = this.open(this.name('.raw'), 'wx+');
      ftruncateSync(file, bytes);
      return new FileElements({file, offset: 0, array, length}, this.room);
    } catch (error) {
      throw storageError(error, this.path);
    }
  };

  /** Gives back what the folder holds. Never throws. */
  async close(): Promise<void> {
    for (const file of this.#open.splice(0)) closeSync(file);
    await fs.rm(this.path, {recursive: true, force: true}).catch(() => undefined);
    releaseTemporary(this.path);
  }
}

async function place(): Promise<string> {
  if (['TMPDIR', 'TMP', 'TEMP'].some((name) => process.env[name])) return tmpdir();
  const usable = await fs.access(LARGE_FILES, fs.constants.W_OK).then(
    () => true,
    () => false,
  );
  return usable ? LARGE_FILES : tmpdir();
}
