import type {Dirent, Stats} from 'node:fs';
import {lstat, readdir, realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {mapLimited} from './concurrency.js';
import {failure, failureCode, unreadCode} from './messages.js';

/** A folder on the way down from a root, with the folders that led to it. */
export interface Folder {
  readonly path: string;
  /** The path without links. */
  readonly real: string;
  readonly parent: Folder | null;
  readonly tree: Tree;
}

/** What one search shares. */
interface Tree {
  /** The root without links: links must stay below it. */
  readonly realRoot: string;
  linksFollowed: number;
}

/** What stands in a folder. `refused` is never opened; `folder` says whether a search would have gone into it. */
export type Entry =
  | {readonly kind: 'file'; readonly name: string}
  | {readonly kind: 'folder'; readonly name: string; readonly folder: Folder}
  | {readonly kind: 'refused'; readonly name: string; readonly reason: string; readonly folder: boolean};

/** Folders that link to one another in a mesh have more paths than can be walked. */
const MAXIMUM_LINKED_FOLDERS = 10_000;
const AT_ONCE = 64;

/** The folder where a search begins. Links may lead anywhere below it, and not out of it. */
export async function openTree(root: string): Promise<Folder> {
  try {
    const real = await realpath(root);
    return {path: root, real, parent: null, tree: {realRoot: real, linksFollowed: 0}};
  } catch (error) {
    throw unreadable(root, error);
  }
}

/**
 * The entries of a folder, links resolved: one that stays below the root is what it leads to, one that leads back to a
 * folder above itself is left out (so loops end), one that leads out of the root, to nothing or to a device is refused.
 * @throws UsageError when the folder cannot be read
 */
export async function readFolder(folder: Folder): Promise<Entry[]> {
  let dirents: Dirent[];
  try {
    dirents = await readdir(folder.path, {withFileTypes: true});
  } catch (error) {
    throw unreadable(folder.path, error);
  }
  const entries: Entry[] = [];
  const links: string[] = [];
  for (const dirent of dirents) {
    if (dirent.isSymbolicLink() || dirent.name.includes('\ufffd')) {
      links.push(dirent.name);
    } else {
      entries.push(plainEntry(folder, dirent.name, dirent));
    }
  }
  const resolved = await mapLimited(links, AT_ONCE, (name) => resolveEntry(folder, name));
  return entries.concat(resolved.filter((entry) => entry !== null));
}

/** The entry of that name, as `readFolder` gives it; null where there is none. */
export async function readEntry(folder: Folder, name: string): Promise<Entry | null> {
  const isThere = await lstat(pathBelow(folder.path, name)).then(
    () => true,
    (error) => !['ENOENT', 'ENOTDIR'].includes(failureCode(error)),
  );
  return isThere ? resolveEntry(folder, name) : null;
}

/**
 * Why a file that was not met through `readFolder` must not be opened, or null: its real path leaves the root, or it is
 * a device.
 */
export async function refusalOf(root: Folder, file: string): Promise<string | null> {
  try {
    const real = await realpath(file);
    return isInside(real, root.tree.realRoot) ? specialFile(await stat(real)) : leadsOutside(real);
  } catch (error) {
    return failure(error);
  }
}

/** What a path is when it is neither a file nor a directory (`a FIFO`), else null. */
export function specialFile(entry: Stats | Dirent): string | null {
  if (entry.isFile() || entry.isDirectory()) {
    return null;
  }
  if (entry.isFIFO()) {
    return 'a FIFO';
  }
  return entry.isSocket() ? 'a socket' : 'a device';
}

function plainEntry(folder: Folder, name: string, entry: Stats | Dirent): Entry {
  if (entry.isDirectory()) {
    const child = {
      path: pathBelow(folder.path, name),
      real: pathBelow(folder.real, name),
      parent: folder,
      tree: folder.tree,
    };
    return {kind: 'folder', name, folder: child};
  }
  const special = specialFile(entry);
  return special === null ? {kind: 'file', name} : {kind: 'refused', name, reason: special, folder: false};
}

async function resolveEntry(folder: Folder, name: string): Promise<Entry | null> {
  const entryPath = pathBelow(folder.path, name);
  let entry: Stats;
  try {
    entry = await lstat(entryPath);
  } catch (error) {
    const reason = failureCode(error) === 'ENOENT' ? 'its name is not UTF-8' : failure(error);
    return {kind: 'refused', name, reason, folder: false};
  }
  return entry.isSymbolicLink() ? resolveLink(folder, name, entryPath) : plainEntry(folder, name, entry);
}

async function resolveLink(folder: Folder, name: string, link: string): Promise<Entry | null> {
  let real: string;
  let target: Stats;
  try {
    real = await realpath(link);
    target = await stat(real);
  } catch (error) {
    const nowhere = ['ENOENT', 'ELOOP', 'ENOTDIR'].includes(failureCode(error));
    const reason = nowhere ? 'a link that leads nowhere' : `a link that cannot be followed: ${failure(error)}`;
    return {kind: 'refused', name, reason, folder: !nowhere};
  }
  if (!isInside(real, folder.tree.realRoot)) {
    return {kind: 'refused', name, reason: leadsOutside(real), folder: target.isDirectory()};
  }
  if (!target.isDirectory()) {
    return plainEntry(folder, name, target);
  }
  if (isAbove(folder, real)) {
    return null;
  }
  countLink(folder.tree);
  return {kind: 'folder', name, folder: {path: link, real, parent: folder, tree: folder.tree}};
}

function countLink(tree: Tree): void {
  tree.linksFollowed += 1;
  if (tree.linksFollowed > MAXIMUM_LINKED_FOLDERS) {
    throw new UsageError(
      'CVL-S008',
      `the links below ${printable(tree.realRoot)} lead through more than ${MAXIMUM_LINKED_FOLDERS} folders: remove those that lead in circles`,
    );
  }
}

/** Whether the search came through this real folder on its way down. */
function isAbove(folder: Folder, real: string): boolean {
  for (let step: Folder | null = folder; step !== null; step = step.parent) {
    if (step.real === real) {
      return true;
    }
  }
  return false;
}

function isInside(real: string, realRoot: string): boolean {
  return real === realRoot || real.startsWith(realRoot.endsWith(path.sep) ? realRoot : realRoot + path.sep);
}

function leadsOutside(real: string): string {
  return `a link out of the tree, to ${real}`;
}

/** A name in a folder. */
export function pathBelow(folder: string, name: string): string {
  return folder.endsWith(path.sep) ? folder + name : folder + path.sep + name;
}

function unreadable(folder: string, error: unknown): UsageError {
  return new UsageError(unreadCode(error), `cannot read the directory ${printable(folder)}: ${failure(error)}`);
}
