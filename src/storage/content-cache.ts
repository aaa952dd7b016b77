import fs from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {RunError} from '../errors.js';
import {encodeEntry, readEntry} from './cache-entry.js';
import {bytesOnDisk, evict, listCache, removeQuietly} from './cache-files.js';
import {makeFolder} from './make-folder.js';
import {errorCode, storageError} from './storage-error.js';
import {claimTemporary, releaseTemporary} from './temporary.js';

/** Where a cache lies and what it may take. */
export interface ContentCacheOptions {
  readonly folder: string;
  readonly maxBytes: number;
  /** Called once, with the reason, where nothing can be kept. */
  readonly onProblem?: (reason: string) => void;
}

/** Values that wait to be written take at most this much memory. */
const MOST_WAITING_BYTES = 2 ** 27;
/** Enough for the images of a sample. */
const THINGS_REMEMBERED = 16;
/** Making room leaves this share of the bound free, so that it is rarely made. */
const FREED_SHARE = 0.1;
/** After writing this share of the bound, what other processes wrote is counted again. */
const COUNTED_SHARE = 1 / 64;

/**
 * Values on disk under the SHA-256 (hex) of all that they depend on, one file each. What cannot be read, is damaged or
 * is not there is a miss, and what cannot be written is left out: a cache never fails a run.
 *
 * Several processes may use one folder at once: a file appears whole, by a rename, and carries a checksum instead of
 * being synced. When the bound is reached, what was used longest ago goes first, but nothing that was used since this
 * object was made: a scan over more than fits finds the part that fits again. Each process may exceed the bound by a
 * 64th of it, until it closes the cache.
 */
export class ContentCache {
  readonly #options: ContentCacheOptions;
  /** A little before now: a file system may round a time down. */
  readonly #since = Date.now() - 2;
  /** Keys of values that wait to be written. */
  readonly #waiting = new Set<string>();
  readonly #lookups = {hits: 0, misses: 0};
  /** The last things that were looked up, and whether all of them was there; the one looked up last comes last. */
  readonly #lastLookups = new Map<string, boolean>();
  #writes: Promise<void> = Promise.resolve();
  #waitingBytes = 0;
  /** On the disk, as far as is known; null before the first write. */
  #bytes: number | null = null;
  #bytesSinceCount = 0;
  #isClosedToWrites = false;

  constructor(options: ContentCacheOptions) {
    this.#options = options;
  }

  /** The value of a key, in memory of its own whose start is aligned to 8 bytes; null where there is none. */
  async get(key: string): Promise<Uint8Array | null> {
    const path = this.#path(key);
    let value: Uint8Array | null;
    try {
      value = await readEntry(path, key);
    } catch {
      return null;
    }
    if (value === null) {
      await removeQuietly(path);
      return null;
    }
    const now = new Date();
    // Of a cache that may only be read, the order of use is somebody else's.
    await fs.utimes(path, now, now).catch(() => undefined);
    return value;
  }

  /** Keeps a value, which is copied. Resolves when there is room for more: await it. */
  async put(key: string, value: Uint8Array): Promise<void> {
    if (this.#isClosedToWrites || this.#waiting.has(key)) return;
    this.#waiting.add(key);
    const file = encodeEntry(key, value);
    this.#waitingBytes += file.length;
    this.#writes = this.#writes.then(async () => {
      await this.#write(this.#path(key), file);
      this.#waiting.delete(key);
      this.#waitingBytes -= file.length;
    });
    if (this.#waitingBytes > MOST_WAITING_BYTES) await this.#writes;
  }

  /**
   * Notes that what is known of a thing was looked up, and all of it was there or not. A thing that is looked up again
   * soon, for more of it, is one thing, and a miss if any of it was missing.
   */
  count(thing: string, isHit: boolean): void {
    const before = this.#lastLookups.get(thing);
    if (before === undefined) this.#lookups[isHit ? 'hits' : 'misses']++;
    else if (before && !isHit) {
      this.#lookups.hits--;
      this.#lookups.misses++;
    }
    this.#lastLookups.delete(thing);
    this.#lastLookups.set(thing, isHit && before !== false);
    const [oldest] = this.#lastLookups.keys();
    if (this.#lastLookups.size > THINGS_REMEMBERED && oldest !== undefined) this.#lastLookups.delete(oldest);
  }

  /** Things that were looked up, by whether all that was asked of them was there. */
  get lookups(): {readonly hits: number; readonly misses: number} {
    return {...this.#lookups};
  }

  /** Waits until all is written, and leaves the folder within its bound. */
  async close(): Promise<void> {
    await this.#writes;
    if (this.#bytes === null) return;
    await evict(await listCache(this.#options.folder), this.#options.maxBytes);
  }

  #path(key: string): string {
    return join(this.#options.folder, key.slice(0, 2), key.slice(2));
  }

  async #write(path: string, file: Uint8Array): Promise<void> {
    if (this.#isClosedToWrites) return;
    const temporary = claimTemporary(path);
    try {
      if (!(await this.#hasRoom(bytesOnDisk(file.length)))) return;
      await makeFolder(dirname(path));
      await fs.writeFile(temporary, file, {flag: 'wx'});
      const now = new Date();
      await fs.utimes(temporary, now, now);
      await fs.rename(temporary, path);
    } catch (error) {
      await removeQuietly(temporary);
      // Somebody clears the cache at this moment.
      if (errorCode(error) !== 'ENOENT') this.#giveUp(error);
    } finally {
      releaseTemporary(temporary);
    }
  }

  /** Makes room for a file where there is none. Once everything there was used by this run, nothing more is kept. */
  async #hasRoom(bytes: number): Promise<boolean> {
    const {folder, maxBytes} = this.#options;
    if (bytes > maxBytes) return false;
    if (this.#bytes === null || this.#bytesSinceCount > maxBytes * COUNTED_SHARE || this.#bytes + bytes > maxBytes) {
      const files = await listCache(folder);
      this.#bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      this.#bytesSinceCount = 0;
      if (this.#bytes + bytes > maxBytes) {
        this.#bytes = await evict(files, Math.max(0, maxBytes * (1 - FREED_SHARE) - bytes), this.#since);
        this.#isClosedToWrites = this.#bytes + bytes > maxBytes;
      }
    }
    if (this.#isClosedToWrites) return false;
    this.#bytes += bytes;
    this.#bytesSinceCount += bytes;
    return true;
  }

  #giveUp(error: unknown): void {
    if (this.#isClosedToWrites) return;
    this.#isClosedToWrites = true;
    // Said of the cache, whichever of its folders it was.
    const cause = error instanceof RunError ? error.cause : error;
    this.#options.onProblem?.(storageError(cause, this.#options.folder).message);
  }
}
