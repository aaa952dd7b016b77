import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import {mapLimited} from './concurrency.js';
import type {Entry} from './manifest-entries.js';
import type {ManifestText} from './manifest-text.js';
import {counted, failure, failureCode, listed} from './messages.js';
import type {Draft, MissingKey} from './sample.js';
import {pathBelow, specialFile} from './tree.js';

const AT_ONCE = 64;
/** From this many files of one folder on, listing it is quicker than asking for each. */
const WORTH_LISTING = 16;

interface Fault {
  readonly role: string;
  readonly text: string;
  /** Whether the file is merely not there. */
  readonly absent: boolean;
}

/**
 * Looks at every file that the rows name, without opening it.
 * @throws UsageError listing the first ten that are missing (unless `allowMissing`), or that are no files
 */
export async function checkFiles(
  {name}: ManifestText,
  entries: readonly Entry[],
  allowMissing: boolean,
): Promise<{drafts: Draft<string>[]; missing: MissingKey[]}> {
  const present = await plainFiles(entries);
  const faults = await mapLimited(entries, AT_ONCE, (entry) => faultsOf(entry, present));
  const refused = faults.flat().filter(({absent}) => !(absent && allowMissing));
  if (refused.length > 0) {
    const remedy = refused.every(({absent}) => absent) ? '; to leave those rows out, use --allow-missing' : '';
    throw new UsageError(
      'CVL-S005',
      `${name}: ${counted(refused.length, 'file')} cannot be used: ${listed(
        refused.map(({text}) => text),
        '; ',
      )}${remedy}`,
    );
  }
  const drafts: Draft<string>[] = [];
  const missing: MissingKey[] = [];
  for (const [index, {draft, empty}] of entries.entries()) {
    const roles = [...empty, ...(faults[index] ?? []).map(({role}) => role)];
    if (roles.length === 0) {
      drafts.push(draft);
    } else {
      missing.push({key: draft.key, roles});
    }
  }
  return {drafts, missing};
}

/** The plain files of those folders from which the rows name many. */
async function plainFiles(entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  const named = new Map<string, number>();
  for (const {draft} of entries) {
    for (const file of Object.values(draft.files)) {
      const folder = path.dirname(file);
      named.set(folder, (named.get(folder) ?? 0) + 1);
    }
  }
  const folders = [...named].filter(([, count]) => count >= WORTH_LISTING).map(([folder]) => folder);
  const present = new Set<string>();
  for (const folder of folders) {
    for (const name of await plainNames(folder)) {
      present.add(pathBelow(folder, name));
    }
  }
  return present;
}

async function plainNames(folder: string): Promise<string[]> {
  try {
    const dirents = await readdir(folder, {withFileTypes: true});
    return dirents.filter((dirent) => dirent.isFile()).map(({name}) => name);
  } catch {
    // A folder that cannot be listed may still be entered; asking for each file tells what is wrong.
    return [];
  }
}

async function faultsOf({line, draft}: Entry, present: ReadonlySet<string>): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const [role, file] of Object.entries(draft.files)) {
    const fault = present.has(file) ? null : await faultOf(file);
    if (fault !== null) {
      faults.push({role, text: `line ${line}, ${role}: ${file}: ${fault.reason}`, absent: fault.absent});
    }
  }
  return faults;
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
