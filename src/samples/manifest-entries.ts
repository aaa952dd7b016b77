import path from 'node:path';
import {UsageError} from '../errors.js';
import {plainKey, withSlashes} from './keys.js';
import type {ManifestRow} from './manifest-rows.js';
import type {ManifestText} from './manifest-text.js';
import {counted, listed} from './messages.js';
import type {Draft} from './sample.js';

/** A row with its key and the paths it names. */
export interface Entry {
  readonly line: number;
  readonly draft: Draft<string>;
  /** Required roles whose cell is empty. */
  readonly empty: readonly string[];
}

/**
 * Reads a row. Its key is the cell `key`, else the prediction's path as written without extension, else that of the
 * first role that has one.
 * @throws UsageError when the row names no file
 */
export function readEntry(
  manifest: ManifestText,
  row: ManifestRow,
  roles: readonly string[],
  requiredRoles: readonly string[],
): Entry {
  const named = roles.filter((role) => (row.cells.get(role) ?? '') !== '');
  const first = row.cells.get('pred') || row.cells.get(named[0] ?? '');
  if (first === undefined) {
    throw new UsageError('CVL-S013', `${manifest.name}:${row.line}: the row names no file`);
  }
  const key = row.cells.get('key')?.normalize('NFC') || plainKey(withSlashes(first));
  const paths = named.map((role) => [role, path.resolve(manifest.folder, row.cells.get(role) ?? '')]);
  return {
    line: row.line,
    draft: {key, files: Object.fromEntries(paths), columns: row.cells},
    empty: requiredRoles.filter((role) => !named.includes(role)),
  };
}

/** @throws UsageError listing the first ten rows that lack a file for a role which a loss needs */
export function refuseEmpty({name}: ManifestText, entries: readonly Entry[]): void {
  const rows = entries.filter(({empty}) => empty.length > 0);
  if (rows.length > 0) {
    const cases = rows.map(({line, empty}) => `line ${line}: ${empty.join(', ')}`);
    throw new UsageError(
      'CVL-S013',
      `${name}: ${counted(rows.length, 'row')} with an empty cell for a role that is needed (${listed(cases)})`,
    );
  }
}

/** @throws UsageError listing the first ten keys that several rows have, with their lines */
export function refuseDuplicates({name}: ManifestText, entries: readonly Entry[]): void {
  const lines = new Map<string, number[]>();
  for (const {line, draft} of entries) {
    const known = lines.get(draft.key);
    if (known === undefined) {
      lines.set(draft.key, [line]);
    } else {
      known.push(line);
    }
  }
  const twice = [...lines].filter(([, at]) => at.length > 1);
  if (twice.length > 0) {
    const cases = twice.map(([key, at]) => `${key} on lines ${at.join(' and ')}`);
    throw new UsageError(
      'CVL-S014',
      `${name}: ${counted(twice.length, 'key')} in several rows (${listed(cases)}); give each row a key of its own in the column "key"`,
    );
  }
}
