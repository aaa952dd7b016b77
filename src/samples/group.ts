import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import type {Draft} from './sample.js';

/** The group of a sample. */
export type GroupOf = (draft: Draft) => string;

const PLACEHOLDER = /\{([^{}]*)\}/g;
const BUILT_IN = ['dir', 'key'];

/** The names that a `group_by` template asks for: what stands in braces, or the whole of it when there are none. */
export function groupNames(template: string): string[] {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return names.length > 0 ? names : [template];
}

/**
 * From a `group_by` template to the group of a sample. `{dir}` is the directory part of the key (`.` when it has none),
 * `{key}` the key, and any other name a column of the manifest, which goes before these two. A single name may stand
 * without braces.
 * @param columns the manifest's columns; none without a manifest
 * @throws UsageError for a name that is none of these
 */
export function groupOf(template: string, columns: readonly string[]): GroupOf {
  const names = groupNames(template);
  const unknown = names.find((name) => !columns.includes(name) && !BUILT_IN.includes(name));
  if (unknown !== undefined) {
    const known = [...new Set([...BUILT_IN, ...columns])].map((name) => `{${printable(name)}}`).join(', ');
    throw new UsageError(
      'CVL-S017',
      `group_by: expected one of ${known}, got "${printable(template)}"${columns.length === 0 ? '; other names are columns of a manifest (--pairs)' : ''}`,
    );
  }
  const pattern = names[0] === template ? `{${template}}` : template;
  return (draft) => pattern.replace(PLACEHOLDER, (_, name: string) => draft.columns.get(name) ?? builtIn(name, draft));
}

function builtIn(name: string, {key}: Draft): string {
  if (name === 'key') {
    return key;
  }
  return name === 'dir' ? key.slice(0, Math.max(key.lastIndexOf('/'), 0)) || '.' : '';
}
