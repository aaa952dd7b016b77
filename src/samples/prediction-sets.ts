import {stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import {notice} from '../notice.js';
import {printable} from '../printable.js';
import {looksLikeGlob, readGlob} from './glob.js';
import {withSlashes} from './keys.js';
import {failure, failureCode, listed, unreadCode} from './messages.js';

/** One of several prediction sets that have one target. */
export interface PredictionSet {
  /** What tells its path from those of the others, with `/` as separator: `epoch-2`. */
  readonly name: string;
  /** Absolute path of its directory. */
  readonly path: string;
}

/** Directories that something stands for, and the name that its pattern gives each. */
interface Found {
  readonly sets: readonly PredictionSet[];
  /** Files that the pattern matches too. */
  readonly files: readonly string[];
}

/** As people count: `epoch-2` before `epoch-10`. */
const NATURAL = new Intl.Collator('en', {numeric: true});

/**
 * The prediction sets that directories and globs stand for, in natural order of their names. A path that exists is taken
 * literally; only then may it be a glob. The sets of one glob are named by what its wildcards stand for, those of several
 * by what their paths do not have in common. `onNotice` hears of files that a glob matched beside directories.
 * @throws UsageError for a glob that matches nothing, and for a file in place of a directory
 */
export async function findPredictionSets(
  given: readonly string[],
  onNotice?: (line: string) => void,
): Promise<PredictionSet[]> {
  const found: Found[] = [];
  for (const one of given) found.push(await find(one));
  const files = found.flatMap((one) => one.files).sort();
  if (files.length > 0) onNotice?.(notice('CVL-W020', `series: left out, no directories: ${listed(files)}`));
  const [first, ...others] = found;
  const byPath = new Map(found.flatMap(({sets}) => sets).map((set) => [set.path, set]));
  const sets = others.length === 0 && first ? [...first.sets] : namedApart([...byPath.keys()]);
  return sets.sort((a, b) => NATURAL.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
}

async function find(given: string): Promise<Found> {
  const kind = await kindOf(given);
  const absolute = path.resolve(given);
  if (kind === 'folder') return {sets: [{name: path.basename(absolute) || 'root', path: absolute}], files: []};
  if (kind === 'file') {
    throw new UsageError(
      'CVL-S004',
      `series: ${printable(given)} is a file; expected a directory of predictions, or a glob that matches several`,
    );
  }
  const {base, pattern} = await readGlob(given);
  const matches = await search(given, base, pattern);
  const kinds = await Promise.all(matches.map((match) => kindOf(path.join(base, match))));
  const folders = matches.filter((_, i) => kinds[i] === 'folder');
  const files = matches.filter((_, i) => kinds[i] === 'file').map((match) => path.join(base, match));
  if (folders.length === 0) {
    const hint =
      files.length === 0
        ? ''
        : `; it matches files, such as ${printable(files.sort()[0] ?? '')}: name their directories`;
    throw new UsageError('CVL-S002', `series: no directory matches ${printable(given)}${hint}`);
  }
  const literal = literalTail(pattern);
  const sets = folders.map((match) => {
    const steps = match.split('/');
    return {name: steps.slice(0, Math.max(1, steps.length - literal)).join('/'), path: path.join(base, match)};
  });
  return {sets, files};
}

/** null where nothing is there and the path may be a glob. */
async function kindOf(given: string): Promise<'folder' | 'file' | null> {
  try {
    return (await stat(given)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (looksLikeGlob(given) && failureCode(error) !== 'EACCES') return null;
    throw new UsageError(unreadCode(error), `series: cannot read ${printable(given)}: ${failure(error)}`);
  }
}

async function search(given: string, base: string, pattern: string): Promise<string[]> {
  const {default: fastGlob} = await import('fast-glob');
  try {
    return await fastGlob(pattern, {cwd: base, onlyFiles: false});
  } catch (error) {
    throw new UsageError('CVL-S003', `series: cannot search ${printable(given)}: ${failure(error)}`);
  }
}

/** How many steps at the end of a pattern hold no wildcard. */
function literalTail(pattern: string): number {
  const steps = pattern.split('/').toReversed();
  return Math.max(0, steps.findIndex(looksLikeGlob));
}

/** Sets named by their paths without the steps that all begin with or end in. */
function namedApart(paths: readonly string[]): PredictionSet[] {
  const steps = paths.map((one) => withSlashes(one).split('/'));
  const shortest = Math.min(...steps.map(({length}) => length));
  const alike = (at: (of: readonly string[]) => string | undefined) => new Set(steps.map(at)).size === 1;
  let end = 0;
  while (end < shortest - 1 && alike((of) => of.at(-1 - end))) end++;
  let start = 0;
  while (start < shortest - 1 - end && alike((of) => of[start])) start++;
  return steps.map((of, i) => ({name: of.slice(start, of.length - end).join('/'), path: paths[i] as string}));
}
