import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {groupNames} from './group.js';
import {readInput} from './input.js';
import {type Entry, readEntry, refuseDuplicates, refuseEmpty} from './manifest-entries.js';
import {checkFiles} from './manifest-files.js';
import {type ManifestTable, parseManifest} from './manifest-rows.js';
import {type ManifestText, readManifestText} from './manifest-text.js';
import {checkRoles, knownRoles} from './roles.js';
import type {Gathered, SampleSources} from './sources.js';

/**
 * Samples from a manifest: a row each, a column for each role, `key` or the prediction's path as the key. Roles that are
 * no column may be single files that serve every sample.
 * @throws UsageError for a manifest that is malformed or names unknown columns, empty cells, duplicate keys, and files
 *   that are missing or no files
 */
export async function fromManifest(
  sources: SampleSources,
  pairs: {readonly path: string; readonly text?: string},
): Promise<Gathered> {
  const manifest = await readManifestText(pairs);
  const table = parseManifest(manifest);
  const known = knownRoles(sources);
  const roles = table.columns.filter((column) => known.includes(column));
  refuseColumns(manifest, table, roles, sources);
  const shared = await sharedFiles(sources, manifest, roles);
  checkRoles([...roles, ...Object.keys(shared)], sources);
  const required = sources.requiredRoles.filter((role) => roles.includes(role));
  const entries: Entry[] = table.rows.map((row) => readEntry(manifest, row, roles, required));
  if (!sources.allowMissing) {
    refuseEmpty(manifest, entries);
  }
  refuseDuplicates(manifest, entries);
  const {drafts, missing} = await checkFiles(manifest, entries, sources.allowMissing);
  if (drafts.length === 0) {
    throw new UsageError('CVL-S012', `${manifest.name}: no row has a file for every role`);
  }
  const roots = {...Object.fromEntries(roles.map((role) => [role, pairs.path])), ...sources.inputs};
  const complete = drafts.map((draft) => ({...draft, files: {...draft.files, ...shared}}));
  return {drafts: complete, roots, shared, missing, columns: table.columns};
}

function refuseColumns(
  {name}: ManifestText,
  {columns}: ManifestTable,
  roles: readonly string[],
  sources: SampleSources,
): void {
  const used = new Set(['key', ...roles, ...(sources.groupBy === null ? [] : groupNames(sources.groupBy))]);
  const unknown = columns.find((column) => !used.has(column));
  if (unknown !== undefined) {
    const separators = /[;\t]/.test(unknown) ? ' (cells are separated by commas)' : '';
    throw new UsageError(
      'CVL-S015',
      `${name}: unknown column "${printable(unknown)}"${separators}; expected key, ${knownRoles(sources).join(', ')}, or a column that --group-by names`,
    );
  }
  const [patterned] = Object.keys(sources.match);
  if (patterned !== undefined) {
    throw new UsageError(
      'CVL-S006',
      `match.${printable(patterned)}: patterns pair directories; the manifest ${name} pairs by rows`,
    );
  }
}

/** The roles that stand beside the manifest: one file each, for every sample. */
async function sharedFiles(
  {inputs}: SampleSources,
  {name}: ManifestText,
  roles: readonly string[],
): Promise<Record<string, string>> {
  const shared: [string, string][] = [];
  for (const [role, given] of Object.entries(inputs)) {
    if (roles.includes(role)) {
      throw new UsageError(
        'CVL-S016',
        `${printable(role)} is given twice: as ${printable(given)} and as a column of ${name}`,
      );
    }
    const input = await readInput(role, given);
    if (input.kind !== 'file') {
      throw new UsageError(
        'CVL-S016',
        `${printable(role)}: ${printable(given)} has many files; beside a manifest (${name}) expected one file that serves every sample, or a column`,
      );
    }
    shared.push([role, input.path]);
  }
  return Object.fromEntries(shared);
}
