import type {Stats} from 'node:fs';
import {lstat, stat} from 'node:fs/promises';
import path from 'node:path';
import {type Entry, type Folder, pathBelow, readEntry, readFolder, refusalOf} from './tree.js';

type Callback<Result> = (error: NodeJS.ErrnoException | null, result: Result) => void;

/**
 * Characters that fast-glob trips over in names (`**` does not match line ends, and a backslash in the root becomes a
 * slash), and the ones, never used in names, that stand for them inside a search.
 */
const AWKWARD = ['\n', '\r', '\u2028', '\u2029', '\\'];
const STAND_INS = ['\ufdd0', '\ufdd1', '\ufdd2', '\ufdd3', '\ufdd4'];

/** A name or pattern with its line ends replaced. */
export function standIn(text: string): string {
  return text.replace(/[\n\r\u2028\u2029]/g, (character) => STAND_INS[AWKWARD.indexOf(character)] ?? character);
}

/** The root of a search with its line ends replaced, and its backslashes where they are part of names. */
export function standInRoot(root: string): string {
  return path.sep === '/' ? standIn(root).replaceAll('\\', '\ufdd4') : standIn(root);
}

/** The name that a stand-in was made for. */
export function standFor(text: string): string {
  return text.replace(/[\ufdd0-\ufdd4]/g, (character) => AWKWARD[STAND_INS.indexOf(character)] ?? character);
}

/**
 * The file system as a glob search sees it: links are resolved by the rules of `readFolder`, so that none leads out of
 * the tree, and what must not be opened is shown as a file and noted, so that it is not lost silently.
 */
export class GlobFiles {
  /** Why a path that the pattern may match must not be opened, by absolute path. */
  readonly refusedFiles = new Map<string, string>();
  /** Folders that the pattern wanted to enter and must not. */
  readonly refusedFolders = new Map<string, string>();
  readonly #root: Folder;
  readonly #folders = new Map<string, Folder>();
  readonly #closed = new Map<string, string>();

  constructor(root: Folder) {
    this.#root = root;
    this.#folders.set(root.path, root);
  }

  /** The functions that fast-glob calls: `readdir` on its way down, `lstat` for a pattern without wildcards. */
  readonly adapter = {
    readdir: (folder: string, _options: unknown, callback?: Callback<Seen[]>): void => {
      this.#read(path.resolve(standFor(folder))).then(
        (seen) => callback?.(null, seen),
        (error) => callback?.(error, []),
      );
    },
    lstat: (file: string, callback: Callback<Stats>): void => {
      this.#lstat(path.resolve(standFor(file))).then(
        (stats) => callback(null, stats),
        // The result beside an error is never read.
        (error) => (callback as (error: NodeJS.ErrnoException) => void)(error),
      );
    },
  };

  async #read(folder: string): Promise<Seen[]> {
    const known = await this.#folderAt(folder);
    const entries = known === null ? [] : await readFolder(known);
    return entries.map((entry) => this.#note(pathBelow(folder, entry.name), entry));
  }

  /**
   * A folder, which the search may enter without its parent: braces begin it at each of their folders. Null where there
   * is none, and for one that must not be opened, which is noted.
   */
  async #folderAt(folder: string): Promise<Folder | null> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    if (!this.#closed.has(folder)) await this.#enter(folder);
    const closed = this.#closed.get(folder);
    if (closed !== undefined) this.refusedFolders.set(folder, closed);
    return this.#folders.get(folder) ?? null;
  }

  async #enter(folder: string): Promise<void> {
    if (!folder.startsWith(pathBelow(this.#root.path, ''))) {
      this.#closed.set(folder, `out of ${this.#root.path}, where the search begins`);
      return;
    }
    const above = await this.#folderAt(path.dirname(folder));
    const entry = above && (await readEntry(above, path.basename(folder)));
    if (entry) this.#note(folder, entry);
  }

  #note(entryPath: string, entry: Entry): Seen {
    if (entry.kind === 'folder') {
      this.#folders.set(entryPath, entry.folder);
      return new Seen(standIn(entry.name), true);
    }
    if (entry.kind === 'refused') {
      (entry.folder ? this.#closed : this.refusedFiles).set(entryPath, entry.reason);
      return new Seen(standIn(entry.name), entry.folder);
    }
    return new Seen(standIn(entry.name), false);
  }

  async #lstat(file: string): Promise<Stats> {
    const stats = await lstat(file);
    const refusal = await refusalOf(this.#root, file);
    if (refusal === null) {
      return stats.isSymbolicLink() ? stat(file) : stats;
    }
    this.refusedFiles.set(file, refusal);
    return Object.assign(stats, {isFile: () => true, isSymbolicLink: () => false});
  }
}

/** A directory entry that is a folder or a file and nothing else. */
class Seen {
  readonly name: string;
  readonly #folder: boolean;

  constructor(name: string, folder: boolean) {
    this.name = name;
    this.#folder = folder;
  }

  isDirectory(): boolean {
    return this.#folder;
  }

  isFile(): boolean {
    return !this.#folder;
  }

  isSymbolicLink(): boolean {
    return false;
  }

  isFIFO(): boolean {
    return false;
  }

  isSocket(): boolean {
    return false;
  }

  isBlockDevice(): boolean {
    return false;
  }

  isCharacterDevice(): boolean {
    return false;
  }
}
