import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {hasImageExtension, withoutExtension} from './extensions.js';
import {counted, listed} from './messages.js';

/** From a path below the root, with `/` as separator, to its key; undefined when the pattern does not match. */
export type KeyOf = (relative: string) => string | undefined;

/** The default key: the path without its last extension, in Unicode's composed form (NFC). */
export function plainKey(relative: string): string {
  return withoutExtension(relative).normalize('NFC');
}

/** A path as the system writes it, with `/` as separator. */
export function withSlashes(name: string): string {
  return path.sep === '/' ? name : name.replaceAll(path.sep, '/');
}

/** The same the other way round. */
export function withSystemSeparators(name: string): string {
  return path.sep === '/' ? name : name.replaceAll('/', path.sep);
}

const PLACEHOLDER = '{key}';

/**
 * A key pattern such as `{key}_sr`, `{key}_out.png` or `sub/{key}`. It is held against the path below the root, with
 * its extension when the pattern ends in an image extension, else without. Literal parts match exactly (both sides in
 * NFC); `{key}` takes the rest, `/` included, and is never empty.
 * @throws UsageError unless `{key}` stands in the pattern exactly once
 */
export function keyPattern(pattern: string, role: string): KeyOf {
  const parts = pattern.normalize('NFC').split(PLACEHOLDER);
  const [before, after] = parts;
  if (parts.length !== 2 || before === undefined || after === undefined) {
    throw new UsageError(
      'CVL-S006',
      `match.${printable(role)}: expected {key} exactly once in the pattern, got "${printable(pattern)}"; write for example "{key}_sr"`,
    );
  }
  const withExtension = hasImageExtension(pattern);
  return (relative) => {
    const name = (withExtension ? relative : withoutExtension(relative)).normalize('NFC');
    const matches = name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after);
    return matches ? name.slice(before.length, name.length - after.length) : undefined;
  };
}

/**
 * Refuses keys that differ only by case where the file system does not tell them apart.
 * @throws UsageError on macOS and Windows, listing the first ten
 */
export function refuseCaseClashes(keys: Iterable<string>, platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'darwin' && platform !== 'win32') {
    return;
  }
  const seen = new Map<string, string>();
  const clashes: string[] = [];
  for (const key of keys) {
    const folded = key.toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined && other !== key) {
      clashes.push(`${other} and ${key}`);
    }
    seen.set(folded, key);
  }
  if (clashes.length > 0) {
    throw new UsageError(
      'CVL-S009',
      `${counted(clashes.length, 'key')} differ from another only by case, which this system does not tell apart: ${listed(clashes)}; rename one of each`,
    );
  }
}
