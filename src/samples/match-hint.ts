import {printable} from '../printable.js';

interface Keyed {
  readonly role: string;
  readonly keys: ReadonlySet<string>;
}

/** The `--match` that would pair two roles (see `matchPatterns`), as a question; else null. */
export function matchHint(first: Keyed, second: Keyed): string | null {
  const patterns = matchPatterns(first, second);
  if (patterns === null) {
    return null;
  }
  const flags = Object.entries(patterns).map(([role, pattern]) => `--match '${printable(role)}=${printable(pattern)}'`);
  return `did you mean ${flags.join(' ')}?`;
}

/**
 * Patterns by role that would pair two roles, when every key of one is a key of the other with the same text before or
 * after it, or when both have an ending of their own (`_fake`, `_real`); else null.
 */
export function matchPatterns(first: Keyed, second: Keyed): Record<string, string> | null {
  return affixPattern(first, second) ?? affixPattern(second, first) ?? endingPatterns(first, second);
}

function affixPattern(longer: Keyed, shorter: Keyed): Record<string, string> | null {
  const keys = [...longer.keys];
  const [sample] = keys;
  if (sample === undefined) {
    return null;
  }
  for (const key of shorter.keys) {
    const at = key === '' ? -1 : sample.indexOf(key);
    const before = sample.slice(0, Math.max(at, 0));
    const after = sample.slice(at + key.length);
    if (at >= 0 && keys.every((other) => shorter.keys.has(strip(other, before, after) ?? ''))) {
      return {[longer.role]: `${before}{key}${after}`};
    }
  }
  return null;
}

function endingPatterns(first: Keyed, second: Keyed): Record<string, string> | null {
  const firstKeys = [...first.keys];
  const ending = commonEnding(firstKeys);
  const other = commonEnding([...second.keys]);
  const pairs = firstKeys.some((key) => second.keys.has(key.slice(0, key.length - ending.length) + other));
  if (ending === '' || other === '' || ending === other || !pairs) {
    return null;
  }
  return {[first.role]: `{key}${ending}`, [second.role]: `{key}${other}`};
}

function commonEnding(keys: readonly string[]): string {
  const [first = '', ...rest] = keys;
  let length = rest.length === 0 ? 0 : first.length;
  for (const key of rest) {
    while (!key.endsWith(first.slice(first.length - length))) {
      length -= 1;
    }
  }
  return first.slice(first.length - length);
}

function strip(key: string, before: string, after: string): string | null {
  const fits = key.length > before.length + after.length && key.startsWith(before) && key.endsWith(after);
  return fits ? key.slice(before.length, key.length - after.length) : null;
}
