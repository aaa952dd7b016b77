import {randomBytes} from 'node:crypto';
import fs, {type FileHandle} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {errorCode, storageError} from '../../storage/storage-error.js';
import type {RemoteVersion} from './remote-file.js';
import type {Span} from './spans.js';

/** What a partial download is of. */
export interface PartialState extends RemoteVersion {
  readonly url: string;
  /** The parts of the remote file that are wanted, in the order in which they follow one another. */
  readonly spans: readonly Span[];
  /** Bytes of our own before them. */
  readonly prefix: number;
}

/** What an earlier process left. */
export interface Resumed {
  readonly state: PartialState;
  /** Bytes that are here, those of our own included. */
  readonly length: number;
}

const HOST = hostname().replaceAll(/[^A-Za-z0-9]/g, '') || 'host';
/** The end of a partial download's name. */
const PARTIAL = /^([A-Za-z0-9]+)-(\d+)-[0-9a-f]{12}\.part$/;
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;

/** Names of the partial downloads that this process has open. */
const ours = new Set<string>();

/**
 * A download under way: a folder `.KEY.HOST-PID-RANDOM.part` in the store with the bytes so far and what they are of. Its
 * name says whose it is. One that a dead process left is taken over by renaming it, which one process alone can do; so
 * no two ever write the same file.
 */
export class Partial {
  #file: FileHandle | undefined;

  private constructor(
    private readonly folder: string,
    readonly name: string,
  ) {}

  /** The downloaded bytes. */
  get path(): string {
    return join(this.folder, this.name, 'data');
  }

  /** Takes over what a dead process left, or begins anew. Throws RunError when nothing can be written. */
  static async claim(folder: string, key: string): Promise<Partial> {
    const name = `.${key}.${HOST}-${process.pid}-${randomBytes(6).toString('hex')}.part`;
    ours.add(name);
    const partial = new Partial(folder, name);
    try {
      for (const {name: left, state} of await partials(folder, key)) {
        if (state === 'left' && (await rename(join(folder, left), join(folder, name)))) return partial;
      }
      await fs.mkdir(join(folder, name));
      return partial;
    } catch (error) {
      ours.delete(name);
      throw storageError(error, join(folder, name));
    }
  }

  /** Process ids of others that download the same on this machine right now. */
  static async others(folder: string, key: string): Promise<readonly number[]> {
    return (await partials(folder, key)).flatMap(({state, pid}) => (state === 'alive' ? [pid] : []));
  }

  /** What is here, and how many bytes of it; null when there is nothing to go on from. */
  async resume(url: string): Promise<Resumed | null> {
    try {
      const state = JSON.parse(await fs.readFile(this.#statePath, 'utf8')) as PartialState;
      const {size} = await fs.stat(this.path);
      const end = state.spans.reduce(
        (sum, span) => sum + (span.end ?? Number.POSITIVE_INFINITY) - span.start,
        state.prefix,
      );
      if (state.url !== url || state.identity === null || size < state.prefix || size > end) return null;
      return {state, length: size};
    } catch {
      // Killed before it had written what it is of: that is nothing to go on from.
      return null;
    }
  }

  /** Begins anew, with bytes of our own first. */
  async begin(state: PartialState, prefix: Uint8Array): Promise<void> {
    await this.#writing(async () => {
      await this.#close();
      await fs.rm(this.#statePath, {force: true});
      await fs.writeFile(this.path, prefix);
      await fs.writeFile(this.#statePath, JSON.stringify(state));
    });
  }

  /** Adds bytes at the end. */
  async append(chunk: Uint8Array): Promise<void> {
    await this.#writing(async () => {
      this.#file ??= await fs.open(this.path, 'a');
      for (let at = 0; at < chunk.length; ) at += (await this.#file.write(chunk, at)).bytesWritten;
    });
  }

  /** Forgets what is here. */
  async clear(): Promise<void> {
    await this.#writing(() => fs.rm(this.#statePath, {force: true}));
  }

  /** All is here: nothing more is appended. */
  async finish(): Promise<void> {
    await this.#writing(() => this.#close());
  }

  /** Leaves what is here to a later process. Never throws. */
  async leave(): Promise<void> {
    await this.#close().catch(() => undefined);
    ours.delete(this.name);
  }

  /** Removes what is here. Never throws: what cannot be removed is taken over by a later process. */
  async remove(): Promise<void> {
    await this.#close().catch(() => undefined);
    await fs.rm(join(this.folder, this.name), {recursive: true, force: true}).catch(() => undefined);
    ours.delete(this.name);
  }

  get #statePath(): string {
    return join(this.folder, this.name, 'state.json');
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #writing<Result>(write: () => Promise<Result>): Promise<Result> {
    try {
      return await write();
    } catch (error) {
      throw storageError(error, this.path);
    }
  }
}

/** A partial download in the store. */
interface FoundPartial {
  readonly name: string;
  readonly pid: number;
  /** `left` by a dead process; of one that is `alive`; `foreign`: another machine's, on a shared file system. */
  readonly state: 'left' | 'alive' | 'foreign';
}

/** The partial downloads of others, after those that another machine left a day ago were removed. */
async function partials(folder: string, key: string): Promise<FoundPartial[]> {
  const found: FoundPartial[] = [];
  const start = `.${key}.`;
  for (const name of await fs.readdir(folder).catch((): string[] => [])) {
    if (!name.startsWith(start)) continue;
    const [, host, pid] = PARTIAL.exec(name.slice(start.length)) ?? [];
    if (host === undefined) continue;
    const path = join(folder, name);
    const isForeign = host !== HOST;
    if (isForeign && (await isOld(path))) await fs.rm(path, {recursive: true, force: true}).catch(() => undefined);
    const isLeft = !isForeign && !ours.has(name) && !isAlive(Number(pid));
    found.push({name, pid: Number(pid), state: isForeign ? 'foreign' : isLeft ? 'left' : 'alive'});
  }
  return found;
}

/** A process of our own id that is not ours was one before us. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function isOld(path: string): Promise<boolean> {
  const stats = await fs.stat(join(path, 'data')).catch(() => null);
  return stats !== null && Date.now() - stats.mtimeMs > FOREIGN_AGE_MS;
}

/** Whether it was there to be renamed: another process may have been quicker. */
async function rename(from: string, to: string): Promise<boolean> {
  try {
    await fs.rename(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
