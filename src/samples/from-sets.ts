import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {fromInputs} from './from-inputs.js';
import {checkRoles} from './roles.js';
import type {Draft, MissingKey} from './sample.js';
import type {Gathered, SampleSources} from './sources.js';

/**
 * Samples of several sets, each paired for itself: the roles of set `a` end in `_a`, the keys of its samples begin
 * with `a/`. The sets may differ in size and in names.
 * @throws UsageError for a manifest, and whatever pairing a set refuses
 */
export async function fromSets(sources: SampleSources, sets: readonly string[]): Promise<Gathered> {
  if (sources.pairs !== null) {
    throw new UsageError(
      'CVL-S016',
      'pairs: a manifest names the files of one set; expected inputs for each role of the two sets',
    );
  }
  const roles = Object.keys(sources.inputs);
  const stray = roles.find((role) => !sets.some((set) => isOf(set, role)));
  if (stray !== undefined) {
    const known = [...sources.requiredRoles, ...sources.optionalRoles].join(', ');
    throw new UsageError(
      'CVL-C018',
      `no configured loss reads the role "${printable(stray)}"; expected one of ${known}`,
    );
  }
  checkRoles(roles, sources);
  const drafts: Draft[] = [];
  const missing: MissingKey[] = [];
  let shared: Readonly<Record<string, string>> = {};
  for (const set of sets) {
    const found = await fromInputs(sourcesOf(set, sources));
    drafts.push(...found.drafts.map((draft) => ({...draft, key: `${set}/${draft.key}`})));
    missing.push(...found.missing.map(({key, roles}) => ({key: `${set}/${key}`, roles})));
    shared = {...shared, ...found.shared};
  }
  return {drafts, roots: {...sources.inputs}, shared, missing, columns: []};
}

function sourcesOf(set: string, sources: SampleSources): SampleSources {
  const ofSet = (role: string) => isOf(set, role);
  const own = (byRole: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(byRole).filter(([role]) => ofSet(role)));
  return {
    ...sources,
    inputs: own(sources.inputs),
    match: own(sources.match),
    requiredRoles: sources.requiredRoles.filter(ofSet),
    optionalRoles: sources.optionalRoles.filter(ofSet),
  };
}

function isOf(set: string, role: string): boolean {
  return role.endsWith(`_${set}`);
}
