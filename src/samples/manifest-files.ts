import {opendir, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import type {Entry, ManifestEntries} from './manifest-entries.js';
import {counted, failure, failureCode, listed} from './messages.js';
import {specialFile} from './tree.js';

/** Rows whose files are asked for at once. */
const AT_ONCE = 64;
/** From this many files of one folder on, listing it is quicker than asking for each. */
const WORTH_LISTING = 16;
/** Names of listed folders that are held at once; files of other folders are asked for one by one. */
const NAMES_HELD = 250_000;

interface Fault {
  readonly role: string;
  readonly text: string;
  /** Whether the file is merely not there. */
  readonly absent: boolean;
}

/** The files that a manifest names, looked at without opening them. Memory does not depend on their number. */
export class ManifestFiles {
  /** Files that were asked for in each folder; the names of plain files once it was listed, null where that is too many. */
  readonly #folders = new Map<string, number | Promise<ReadonlySet<string> | null>>();
  #names = 0;
  /** A folder is listed once: where rows go to and fro between more folders than are held, its files are asked for. */
  readonly #listed = new Set<string>();

  constructor(
    private readonly manifest: string,
    private readonly allowMissing: boolean,
  ) {}

  /**
   * The roles of each row whose file is missing, by its place; only under `allowMissing` there are some.
   * @throws UsageError listing the first ten files that are missing (unless `allowMissing`), or that are no files
   */
  async lacking(entries: ManifestEntries): Promise<ReadonlyMap<number, readonly string[]>> {
    const lacking = new Map<number, string[]>();
    const refused: Fault[] = [];
    for (let first = 0; first < entries.length; first += AT_ONCE) {
      const count = Math.min(AT_ONCE, entries.length - first);
      const faults = await Promise.all(Array.from({length: count}, (_, i) => this.#faultsOf(entries.at(first + i))));
      for (const [i, own] of faults.entries()) {
        refused.push(...own.filter(({absent}) => !(absent && this.allowMissing)));
        if (own.length > 0)
          lacking.set(
            first + i,
            own.map(({role}) => role),
          );
      }
    }
    if (refused.length > 0) throw this.#refusal(refused);
    return lacking;
  }

  #refusal(refused: readonly Fault[]): UsageError {
    const remedy = refused.every(({absent}) => absent) ? '; to leave those rows out, use --allow-missing' : '';
    const texts = refused.map(({text}) => text);
    return new UsageError(
      'CVL-S005',
      `${this.manifest}: ${counted(refused.length, 'file')} cannot be used: ${listed(texts, '; ')}${remedy}`,
    );
  }

  async #faultsOf({line, files}: Entry): Promise<Fault[]> {
    const faults: Fault[] = [];
    for (const [role, file] of Object.entries(files)) {
      const fault = (await this.#isPlain(file)) ? null : await faultOf(file);
      if (fault !== null) {
        faults.push({role, text: `line ${line}, ${role}: ${file}: ${fault.reason}`, absent: fault.absent});
      }
    }
    return faults;
  }

  /** Whether a file is one of a listed folder; false where that is not known. */
  async #isPlain(file: string): Promise<boolean> {
    const folder = path.dirname(file);
    const known = this.#folders.get(folder) ?? 0;
    if (typeof known !== 'number') return (await known)?.has(path.basename(file)) ?? false;
    if (this.#folders.size >= NAMES_HELD) this.#forget();
    const isWorth = known + 1 >= WORTH_LISTING && !this.#listed.has(folder);
    this.#folders.set(folder, isWorth ? this.#list(folder) : known + 1);
    return false;
  }

  async #list(folder: string): Promise<ReadonlySet<string> | null> {
    this.#listed.add(folder);
    const names = await plainNames(folder);
    if (names === null) return null;
    if (this.#names + names.size > NAMES_HELD) this.#forget();
    this.#names += names.size;
    return names;
  }

  #forget(): void {
    this.#folders.clear();
    this.#names = 0;
  }
}

/** Null for a folder with more than are held, and for one that cannot be listed: asking for each file tells what is wrong. */
async function plainNames(folder: string): Promise<ReadonlySet<string> | null> {
  const names = new Set<string>();
  try {
    for await (const dirent of await opendir(folder, {bufferSize: 1024})) {
      if (dirent.isFile()) names.add(dirent.name);
      if (names.size > NAMES_HELD) return null;
    }
    return names;
  } catch {
    return null;
  }
}

async function faultOf(file: string): Promise<{reason: string; absent: boolean} | null> {
  try {
    const stats = await stat(file);
    const kind = stats.isDirectory() ? 'a directory' : specialFile(stats);
    return kind === null ? null : {reason: `${kind}, not a file`, absent: false};
  } catch (error) {
    return {reason: failure(error), absent: ['ENOENT', 'ENOTDIR'].includes(failureCode(error))};
  }
}
