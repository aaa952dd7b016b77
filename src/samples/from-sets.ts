import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {fromInputs} from './from-inputs.js';
import {groupOf} from './group.js';
import {checkRoles} from './roles.js';
import type {MissingKey, Samples} from './sample.js';
import {SampleList} from './sample-list.js';
import type {Gathered, SampleSources} from './sources.js';

/**
 * Samples of several sets, each paired for itself: the roles of set `a` end in `_a`, the keys of its samples begin
 * with `a/`. Sets are in order of their names. The sets may differ in size and in names.
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
  const group = sources.groupBy === null ? null : groupOf(sources.groupBy, []);
  const all: Samples[] = [];
  const missing: MissingKey[] = [];
  let shared: Readonly<Record<string, string>> = {};
  for (const set of sets) {
    const found = await fromInputs(sourcesOf(set, sources), {prefix: `${set}/`, group});
    all.push(found.samples);
    missing.push(...found.missing);
    shared = {...shared, ...found.shared};
  }
  const samples = new SampleList();
  for (const ofSet of all) for (const sample of ofSet) samples.push(sample);
  return {samples, roots: {...sources.inputs}, shared, missing};
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
