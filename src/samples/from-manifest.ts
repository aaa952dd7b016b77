import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {groupNames, groupOf} from './group.js';
import {readInput} from './input.js';
import {ManifestEntries} from './manifest-entries.js';
import {ManifestFiles} from './manifest-files.js';
import {parseManifest} from './manifest-rows.js';
import {type ManifestText, readManifestText} from './manifest-text.js';
import {checkRoles, knownRoles} from './roles.js';
import type {MissingKey} from './sample.js';
import {SampleList} from './sample-list.js';
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
  const {groupBy, allowMissing} = sources;
  // Whether there are such columns is seen at the end.
  const group = groupBy === null ? null : groupOf(groupBy, groupNames(groupBy));
  const entries = new ManifestEntries(knownRoles(sources), {folder: manifest.folder, group});
  const columns = await parseManifest(manifest, (row) => entries.add(row));
  const {roles} = entries;
  refuseColumns(manifest, columns, roles, sources);
  if (groupBy !== null) groupOf(groupBy, columns);
  const shared = await sharedFiles(sources, manifest, roles);
  checkRoles([...roles, ...Object.keys(shared)], sources);
  if (entries.firstWithoutFile !== null) {
    throw new UsageError('CVL-S013', `${manifest.name}:${entries.firstWithoutFile}: the row names no file`);
  }
  const required = sources.requiredRoles.filter((role) => roles.includes(role));
  if (!allowMissing) entries.refuseEmpty(manifest.name, required);
  const places = entries.ascending(manifest.name);
  const lacking = await new ManifestFiles(manifest.name, allowMissing).lacking(entries);
  const samples = new SampleList(shared, roles);
  const missing: MissingKey[] = [];
  for (const place of places) {
    const {line: _, files, ...named} = entries.at(place);
    const without = [...entries.emptyAt(place, required), ...(lacking.get(place) ?? [])];
    if (without.length > 0) missing.push({key: named.key, roles: without});
    else samples.push({...named, files});
  }
  if (samples.length === 0) {
    throw new UsageError('CVL-S012', `${manifest.name}: no row has a file for every role`);
  }
  const roots = {...Object.fromEntries(roles.map((role) => [role, pairs.path])), ...sources.inputs};
  return {samples, roots, shared, missing};
}

function refuseColumns(
  {name}: ManifestText,
  columns: readonly string[],
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
