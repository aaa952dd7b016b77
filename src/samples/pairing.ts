import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import type {KeyedFiles} from './keyed-files.js';
import {matchHint} from './match-hint.js';
import {counted, listed} from './messages.js';
import type {MissingKey} from './sample.js';

/** The files of one role by key. */
export interface RoleFiles {
  readonly role: string;
  readonly files: KeyedFiles;
}

/** Takes a key that every role has, with the path of each role's file. */
export type OnPair = (key: string, paths: readonly string[]) => void;

/**
 * Pairs roles by key, and gives the keys that were left out; the first role is what the others are compared with in
 * messages. `onPair` is called in ascending order of keys.
 * @param allowMissing leaves keys out that some role lacks, instead of refusing them
 * @throws UsageError that lists missing, extra and ambiguous keys, or when no key is in every role
 */
export function pairByKey(roles: readonly RoleFiles[], allowMissing: boolean, onPair: OnPair): MissingKey[] {
  const {paired, missing} = intersect(roles, onPair);
  const problems = roles.flatMap(ambiguities);
  if (!allowMissing && missing.length > 0) {
    problems.push(...differences(roles));
  }
  if (problems.length === 0 && paired === 0) {
    problems.push(`no key is in all of ${roles.map(({role}) => printable(role)).join(', ')}`);
  }
  if (problems.length > 0) {
    throw new UsageError(
      'CVL-S001',
      `the inputs do not pair: ${problems.join('; ')}${remedy(roles, paired, missing.length)}`,
    );
  }
  return missing;
}

/** Goes through all roles at once, in order: no set of keys is needed. */
function intersect(roles: readonly RoleFiles[], onPair: OnPair): {paired: number; missing: MissingKey[]} {
  const next = roles.map(() => 0);
  const missing: MissingKey[] = [];
  let paired = 0;
  for (;;) {
    const heads = roles.map(({files}, i) => files.keyAt(next[i] as number));
    const key = least(heads);
    if (key === undefined) return {paired, missing};
    const lacking = roles.filter((_, i) => heads[i] !== key).map(({role}) => role);
    if (lacking.length > 0) missing.push({key, roles: lacking});
    else {
      paired++;
      onPair(
        key,
        roles.map(({files}, i) => files.pathAt(next[i] as number)),
      );
    }
    for (const [i, head] of heads.entries()) if (head === key) next[i] = (next[i] as number) + 1;
  }
}

function least(keys: readonly (string | undefined)[]): string | undefined {
  let found: string | undefined;
  for (const key of keys) if (key !== undefined && (found === undefined || key < found)) found = key;
  return found;
}

function ambiguities({role, files: {ambiguous}}: RoleFiles): string[] {
  if (ambiguous.size === 0) {
    return [];
  }
  const cases = [...ambiguous].map(([key, files]) => `${key}: ${[...files].sort().join(' and ')}`).sort();
  return [
    `${counted(ambiguous.size, 'ambiguous key')} in ${printable(role)} (${listed(cases)}), keep one file of each`,
  ];
}

function differences([reference, ...others]: readonly RoleFiles[]): string[] {
  return reference === undefined
    ? []
    : others.flatMap((other) => [...lacking(reference, other), ...lacking(other, reference)]);
}

/** The keys of one role that another does not have. */
function lacking(has: RoleFiles, lacks: RoleFiles): string[] {
  const keys: string[] = [];
  let at = 0;
  for (const key of has.files.keys()) {
    while ((lacks.files.keyAt(at) ?? key) < key) at++;
    if (lacks.files.keyAt(at) !== key) keys.push(key);
  }
  return keys.length === 0
    ? []
    : [`${counted(keys.length, 'key')} of ${printable(has.role)} not in ${printable(lacks.role)} (${listed(keys)})`];
}

function remedy(roles: readonly RoleFiles[], paired: number, missing: number): string {
  if (paired > 0) {
    return missing > 0 ? '; to leave out what has no partner, use --allow-missing' : '';
  }
  const [reference, ...others] = roles.map(({role, files}) => ({role, keys: new Set(files.keys())}));
  const hint = reference && others.map((other) => matchHint(reference, other)).find((found) => found !== null);
  return hint ? `; ${hint}` : '';
}
