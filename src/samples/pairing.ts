import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {matchHint} from './match-hint.js';
import {counted, listed} from './messages.js';
import type {MissingKey} from './sample.js';

/** The files of one role by key. */
export interface RoleFiles {
  readonly role: string;
  /** Absolute paths by key. */
  readonly files: ReadonlyMap<string, string>;
  /** The keys that several files have, with those files below the root. */
  readonly ambiguous: ReadonlyMap<string, readonly string[]>;
}

/** The keys that every role has, sorted by code unit, and those that were left out. */
export interface Pairing {
  readonly keys: readonly string[];
  readonly missing: readonly MissingKey[];
}

/**
 * Pairs roles by key; the first one is what the others are compared with in messages.
 * @param allowMissing leaves keys out that some role lacks, instead of refusing them
 * @throws UsageError that lists missing, extra and ambiguous keys, or when no key is in every role
 */
export function pairByKey(roles: readonly RoleFiles[], allowMissing: boolean): Pairing {
  const {keys, missing} = intersect(roles);
  const problems = roles.flatMap(ambiguities);
  if (!allowMissing && missing.length > 0) {
    problems.push(...differences(roles));
  }
  if (problems.length === 0 && keys.length === 0) {
    problems.push(`no key is in all of ${roles.map(({role}) => printable(role)).join(', ')}`);
  }
  if (problems.length > 0) {
    throw new UsageError(
      'CVL-S001',
      `the inputs do not pair: ${problems.join('; ')}${remedy(roles, keys.length, missing.length)}`,
    );
  }
  return {keys, missing};
}

function intersect(roles: readonly RoleFiles[]): Pairing {
  const all = new Set(roles.flatMap(({files}) => [...files.keys()]));
  const keys: string[] = [];
  const missing: MissingKey[] = [];
  // The default order of strings is by code unit.
  for (const key of [...all].sort()) {
    const lacking = roles.filter(({files}) => !files.has(key)).map(({role}) => role);
    if (lacking.length === 0) {
      keys.push(key);
    } else {
      missing.push({key, roles: lacking});
    }
  }
  return {keys, missing};
}

function ambiguities({role, ambiguous}: RoleFiles): string[] {
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
  const keys = [...has.files.keys()].filter((key) => !lacks.files.has(key)).sort();
  return keys.length === 0
    ? []
    : [`${counted(keys.length, 'key')} of ${printable(has.role)} not in ${printable(lacks.role)} (${listed(keys)})`];
}

function remedy(roles: readonly RoleFiles[], paired: number, missing: number): string {
  if (paired > 0) {
    return missing > 0 ? '; to leave out what has no partner, use --allow-missing' : '';
  }
  const [reference, ...others] = roles;
  const hint = reference && others.map((other) => matchHint(reference, other)).find((found) => found !== null);
  return hint ? `; ${hint}` : '';
}
