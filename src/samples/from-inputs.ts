import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {type ClassKeyOf, classPatterns, namesClasses} from './class-pattern.js';
import {type Input, type KnownInputs, readInput} from './input.js';
import {type KeyOf, keyPattern, plainKey} from './keys.js';
import {counted} from './messages.js';
import {pairByKey, type RoleFiles} from './pairing.js';
import {checkRoles} from './roles.js';
import type {Gathered, SampleSources} from './sources.js';

type FileInput = Extract<Input, {kind: 'file'}>;
type ManyInput = Extract<Input, {kind: 'many'}>;

const NO_COLUMNS: ReadonlyMap<string, string> = new Map();

/**
 * Samples from a directory, glob or file for each role; other roles than `pred` that are `known` are not looked at again.
 * @throws UsageError for roles nobody reads or that lack an input, and whatever finding and pairing refuse
 */
export async function fromInputs(sources: SampleSources, known: KnownInputs = new Map()): Promise<Gathered> {
  const roles = Object.keys(sources.inputs);
  checkRoles(roles, sources);
  const patterns = compilePatterns(sources);
  const files: FileInput[] = [];
  const many: ManyInput[] = [];
  for (const [role, given] of inOrder(sources)) {
    const input = (role === 'pred' ? undefined : known.get(role)) ?? (await readInput(role, given));
    known.set(role, input);
    if (input.kind === 'file') {
      files.push(input);
    } else {
      many.push(input);
    }
  }
  refuseMixture(files, many, patterns);
  const found = many.length === 0 ? oneSample(files) : pairedSamples(files, many, patterns, sources.allowMissing);
  return {...found, roots: {...sources.inputs}, columns: []};
}

/** Prediction and target first, as messages compare the others with the first. */
function inOrder({inputs, requiredRoles}: SampleSources): [string, string][] {
  const order = ['pred', 'target', ...requiredRoles];
  const rank = (role: string): number => (order.includes(role) ? order.indexOf(role) : order.length);
  return Object.entries(inputs).sort(([a], [b]) => rank(a) - rank(b));
}

/** How the file names of a role hold the key: one pattern, or one for each class. */
type Pattern = KeyOf | readonly ClassKeyOf[];

function compilePatterns({match, inputs, classes}: SampleSources): ReadonlyMap<string, Pattern> {
  const patterns = new Map<string, Pattern>();
  for (const [role, pattern] of Object.entries(match)) {
    if (!Object.hasOwn(inputs, role)) {
      throw new UsageError('CVL-S006', `match.${printable(role)}: there is no input for this role`);
    }
    patterns.set(role, namesClasses(pattern) ? classPatterns(pattern, role, classes) : keyPattern(pattern, role));
  }
  return patterns;
}

function refuseMixture(
  files: readonly FileInput[],
  many: readonly ManyInput[],
  patterns: ReadonlyMap<string, Pattern>,
): void {
  const [several] = many;
  const single = files.find(({role}) => role === 'pred' || role === 'target');
  if (several !== undefined && single !== undefined) {
    throw new UsageError(
      'CVL-S004',
      `${printable(several.role)} has many files (${printable(several.given)}) and ${single.role} is one (${printable(single.given)}): expected directories for both, or one file for both`,
    );
  }
  const patterned = files.find(({role}) => patterns.has(role));
  if (patterned !== undefined) {
    throw new UsageError(
      'CVL-S006',
      `match.${printable(patterned.role)}: a pattern is for the files of a directory or glob, and ${printable(patterned.given)} is one file`,
    );
  }
}

/** All roles are single files: one sample, named by the prediction. */
function oneSample(files: readonly FileInput[]): Pick<Gathered, 'drafts' | 'shared' | 'missing'> {
  const [named] = files;
  const others = files.filter(({role}) => role !== 'pred' && role !== 'target' && role !== named?.role);
  const key = named === undefined ? '' : plainKey(path.basename(named.path));
  return {drafts: [{key, files: byRole(files), columns: NO_COLUMNS}], shared: byRole(others), missing: []};
}

function pairedSamples(
  files: readonly FileInput[],
  many: readonly ManyInput[],
  patterns: ReadonlyMap<string, Pattern>,
  allowMissing: boolean,
): Pick<Gathered, 'drafts' | 'shared' | 'missing'> {
  const roles = many.map((input) => ({
    role: input.role,
    tables: tablesOf(input, patterns.get(input.role) ?? plainKey),
  }));
  const {keys, missing} = pairByKey(
    roles.flatMap(({tables}) => tables),
    allowMissing,
  );
  const shared = byRole(files);
  const drafts = keys.map((key) => {
    const own = roles.map(({role, tables}) => {
      const paths = tables.map((table) => table.files.get(key) ?? '');
      return [role, Array.isArray(patterns.get(role)) ? paths : (paths[0] ?? '')] as const;
    });
    return {key, files: {...Object.fromEntries(own), ...shared}, columns: NO_COLUMNS};
  });
  return {drafts, shared, missing};
}

/** The files of a role by key; with a file for each class, a table a class. */
function tablesOf(input: ManyInput, pattern: Pattern): RoleFiles[] {
  if (typeof pattern === 'function') return [indexByKey(input, pattern)];
  return pattern.map(({name, keyOf}) => indexByKey({...input, role: `${input.role} of class ${name}`}, keyOf));
}

function indexByKey({role, given, files: found}: ManyInput, keyOf: KeyOf): RoleFiles {
  const files = new Map<string, string>();
  const names = new Map<string, string>();
  const ambiguous = new Map<string, string[]>();
  for (const {relative, path: file} of found) {
    const key = keyOf(relative);
    if (key === undefined) {
      continue;
    }
    const first = names.get(key);
    if (first === undefined) {
      names.set(key, relative);
      files.set(key, file);
    } else {
      ambiguous.set(key, [...(ambiguous.get(key) ?? [first]), relative]);
    }
  }
  if (files.size === 0) {
    const example = printable(found[0]?.relative ?? '');
    throw new UsageError(
      'CVL-S007',
      `match.${printable(role)}: none of the ${counted(found.length, 'image file')} of ${printable(given)} fits the pattern; one of them is ${example}`,
    );
  }
  return {role, files, ambiguous};
}

function byRole(files: readonly FileInput[]): Record<string, string> {
  return Object.fromEntries(files.map(({role, path: file}) => [role, file]));
}
