import {fromInputs} from './from-inputs.js';
import {fromManifest} from './from-manifest.js';
import {fromSets} from './from-sets.js';
import {groupOf} from './group.js';
import type {KnownInputs} from './input.js';
import {refuseCaseClashes} from './keys.js';
import type {Samples, SampleTable} from './sample.js';
import type {Gathered, SampleSources} from './sources.js';

export type {SampleSources} from './sources.js';

/**
 * From directories, globs, files or a manifest to the table of samples. Names and kinds of files are looked at; no file
 * but the manifest is opened. What is `known` of inputs, of tables before, is not looked at again.
 * @throws UsageError for anything that would leave a sample out or pair the wrong files: see the parts it calls
 */
export async function gatherSamples(sources: SampleSources, known: KnownInputs = new Map()): Promise<SampleTable> {
  const {samples, roots, shared, missing} = await gathered(sources, known);
  refuseCaseClashes(keysOf(samples));
  return {samples, roots, shared, missing: [...missing].sort(byKey)};
}

function gathered(sources: SampleSources, known: KnownInputs): Promise<Gathered> {
  if (sources.sets !== null) return fromSets(sources, sources.sets);
  if (sources.pairs !== null) return fromManifest(sources, sources.pairs);
  const group = sources.groupBy === null ? null : groupOf(sources.groupBy, []);
  return fromInputs(sources, {prefix: '', group}, known);
}

function* keysOf(samples: Samples): Generator<string> {
  for (const {key} of samples) yield key;
}

/** Code-unit order. */
function byKey(a: {readonly key: string}, b: {readonly key: string}): number {
  if (a.key === b.key) {
    return 0;
  }
  return a.key < b.key ? -1 : 1;
}
