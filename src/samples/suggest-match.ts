import {readInput} from './input.js';
import {plainKey} from './keys.js';
import {matchPatterns} from './match-hint.js';

/**
 * Patterns of file names by role that pair two roles of which no file is named like one of the other's (see
 * `matchPatterns`); null where none is found. No patterns where none are needed: some names agree, or a role is one file.
 * @throws UsageError for inputs that cannot be read
 */
export async function suggestMatch(inputs: Readonly<Record<string, string>>): Promise<Record<string, string> | null> {
  const keyed: {role: string; keys: Set<string>}[] = [];
  for (const [role, given] of Object.entries(inputs)) {
    const input = await readInput(role, given);
    if (input.kind === 'file') return {};
    keyed.push({role, keys: new Set(Array.from(input.files, ({relative}) => plainKey(relative)))});
  }
  const [first, second] = keyed;
  if (!first || !second || [...first.keys].some((key) => second.keys.has(key))) return {};
  return matchPatterns(first, second);
}
