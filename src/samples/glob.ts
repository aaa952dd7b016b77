import {stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {braceExpansions} from './braces.js';
import {GlobFiles, standFor, standIn, standInRoot} from './glob-files.js';
import {withSlashes} from './keys.js';
import {addFile, emptyListing, type Listing} from './listing.js';
import {failure} from './messages.js';
import {openTree} from './tree.js';

/** What fast-glob's brace expander takes in one range. */
const MAXIMUM_EXPANSIONS = 1000;

const WILDCARD = /[*?[\]{}()\\]/;
// A backslash separates folders on Windows, where it cannot escape.
const WILDCARD_ON_WINDOWS = /[*?[\]{}()]/;

/** Whether a path that does not exist could be meant as a glob. */
export function looksLikeGlob(given: string): boolean {
  return (path.sep === '\\' ? WILDCARD_ON_WINDOWS : WILDCARD).test(given);
}

/**
 * Every image file that a glob matches, below its static base: the longest beginning of the pattern that names an
 * existing directory literally, so that brackets in folder names need no escapes.
 * @throws UsageError when the base does not exist, the pattern cannot be read or stands for too many others, or a
 *   folder cannot be read
 */
export async function listGlob(given: string): Promise<Listing> {
  const {base, pattern} = await readGlob(given);
  const files = new GlobFiles(await openTree(base));
  const listing = emptyListing((relative) => path.join(base, relative));
  for (const matched of await search(given, base, pattern, files)) {
    const relative = standFor(matched);
    addFile(listing, relative, files.refusedFiles.get(path.join(base, relative)) ?? null);
  }
  for (const [folder, reason] of files.refusedFolders) {
    listing.refused.push(`${folder} (${reason})`);
  }
  return listing;
}

/**
 * The static base of a glob and the pattern below it, as fast-glob takes it.
 * @throws UsageError when the base does not exist or the pattern stands for too many others
 */
export async function readGlob(given: string): Promise<{base: string; pattern: string}> {
  const {base, pattern} = await splitGlob(path.resolve(given));
  const expansions = braceExpansions(pattern);
  if (expansions > MAXIMUM_EXPANSIONS) {
    throw new UsageError(
      'CVL-S008',
      `the braces in ${printable(given)} stand for ${expansions} patterns; expected at most ${MAXIMUM_EXPANSIONS}: use * or list the files in a manifest`,
    );
  }
  // A leading ! would turn the pattern round, where it is the beginning of a name.
  return {base, pattern: /^!(?!\()/.test(pattern) ? `\\${pattern}` : pattern};
}

async function search(given: string, base: string, pattern: string, files: GlobFiles): Promise<string[]> {
  const {default: fastGlob} = await import('fast-glob');
  try {
    return await fastGlob(standIn(pattern), {cwd: standInRoot(base), fs: files.adapter});
  } catch (error) {
    if (error instanceof UsageError) {
      throw error;
    }
    throw new UsageError('CVL-S003', `cannot search ${printable(given)}: ${failure(error)}`);
  }
}

/** The static base of a glob and the pattern below it. */
async function splitGlob(given: string): Promise<{base: string; pattern: string}> {
  let base = path.parse(given).root;
  const segments = withSlashes(given.slice(base.length)).split('/');
  while (segments.length > 1) {
    const [segment = ''] = segments;
    const deeper = path.join(base, segment);
    if (!(await isDirectory(deeper))) {
      if (looksLikeGlob(segment)) {
        break;
      }
      throw new UsageError('CVL-S002', `no such directory: ${printable(deeper)} (in ${printable(given)})`);
    }
    base = deeper;
    segments.shift();
  }
  return {base, pattern: segments.join('/')};
}

async function isDirectory(name: string): Promise<boolean> {
  try {
    return (await stat(name)).isDirectory();
  } catch {
    // Whatever hinders it, the search below the last directory that can be read says so.
    return false;
  }
}
