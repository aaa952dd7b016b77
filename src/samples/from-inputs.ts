import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {type ClassKeyOf, classPatterns, namesClasses} from './class-pattern.js';
import type {GroupOf} from './group.js';
import {type Input, type KnownInputs, readInput} from './input.js';
import {KeyedFiles} from './keyed-files.js';
import {type KeyOf, keyPattern, plainKey} from './keys.js';
import {counted} from './messages.js';
import {pairByKey, type RoleFiles} from './pairing.js';
import {checkRoles} from './roles.js';
import type {RoleFile, Sample} from './sample.js';
import {SampleList} from './sample-list.js';
import type {Gathered, SampleSources} from './sources.js';

type FileInput = Extract<Input, {kind: 'file'}>;
type ManyInput = Extract<Input, {kind: 'many'}>;

const NO_COLUMNS: ReadonlyMap<string, string> = new Map();

/** What the samples of some inputs are called. */
export interface Naming {
  /** Comes before every key. */
  readonly prefix: string;
  /** The group of a sample; null without groups. */
  readonly group: GroupOf | null;
}

type Found = Pick<Gathered, 'samples' | 'shared' | 'missing'>;

/**
 * Samples from a directory, glob or file for each role; other roles than `pred` that are `known` are not looked at again.
 * @throws UsageError for roles nobody reads or that lack an input, and whatever finding and pairing refuse
 */
export async function fromInputs(
  sources: SampleSources,
  naming: Naming,
  known: KnownInputs = new Map(),
): Promise<Gathered> {
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
  const {allowMissing} = sources;
  const found =
    many.length === 0 ? oneSample(files, naming) : pairedSamples(files, many, patterns, {...naming, allowMissing});
  return {...found, roots: {...sources.inputs}};
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
function oneSample(files: readonly FileInput[], naming: Naming): Found {
  const [named] = files;
  const others = files.filter(({role}) => role !== 'pred' && role !== 'target' && role !== named?.role);
  const samples = new SampleList();
  samples.push({
    ...nameOf(named === undefined ? '' : plainKey(path.basename(named.path)), naming),
    files: byRole(files),
  });
  return {samples, shared: byRole(others), missing: []};
}

function pairedSamples(
  files: readonly FileInput[],
  many: readonly ManyInput[],
  patterns: ReadonlyMap<string, Pattern>,
  {allowMissing, ...naming}: Naming & {readonly allowMissing: boolean},
): Found {
  const shared = byRole(files);
  const roles = many.map((input) => ({
    role: input.role,
    tables: tablesOf(input, patterns.get(input.role) ?? plainKey),
  }));
  const samples = new SampleList(shared);
  const tables = roles.flatMap((one) => one.tables);
  const missing = pairByKey(tables, allowMissing, (key, paths) => {
    const own: Record<string, RoleFile> = {};
    let at = 0;
    for (const one of roles) {
      const ofRole = paths.slice(at, at + one.tables.length);
      own[one.role] = Array.isArray(patterns.get(one.role)) ? ofRole : (ofRole[0] ?? '');
      at += ofRole.length;
    }
    samples.push({...nameOf(key, naming), files: own});
  });
  return {
    samples,
    shared,
    missing: missing.map(({key, roles: lacking}) => ({key: naming.prefix + key, roles: lacking})),
  };
}

/** The key of a sample and its group. */
function nameOf(key: string, {prefix, group}: Naming): Pick<Sample, 'key' | 'group'> {
  const whole = prefix + key;
  return group === null ? {key: whole} : {key: whole, group: group({key: whole, columns: NO_COLUMNS})};
}

/** The files of a role by key; with a file for each class, a table a class. */
function tablesOf(input: ManyInput, pattern: Pattern): RoleFiles[] {
  if (typeof pattern === 'function') return [indexByKey(input, pattern)];
  return pattern.map(({name, keyOf}) => indexByKey({...input, role: `${input.role} of class ${name}`}, keyOf));
}

function indexByKey({role, given, files: found}: ManyInput, keyOf: KeyOf): RoleFiles {
  const files = new KeyedFiles(found, keyOf);
  if (files.size === 0) {
    const example = printable(found.at(0)?.relative ?? '');
    throw new UsageError(
      'CVL-S007',
      `match.${printable(role)}: none of the ${counted(found.length, 'image file')} of ${printable(given)} fits the pattern; one of them is ${example}`,
    );
  }
  return {role, files};
}

function byRole(files: readonly FileInput[]): Record<string, string> {
  return Object.fromEntries(files.map(({role, path: file}) => [role, file]));
}
