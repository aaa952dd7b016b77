import {UsageError} from '../errors.js';
import {gatherSamples, type SampleSources} from '../samples/gather.js';
import type {SampleTable} from '../samples/sample.js';
import {suggestMatch} from '../samples/suggest-match.js';

/** What is to be looked at: paths or globs by role, as given, and patterns of file names where they are known. */
export interface InitInputs {
  readonly inputs: {readonly pred: string; readonly target: string};
  readonly match: Readonly<Record<string, string>>;
}

/** The samples of two inputs and the patterns that pair them. */
export interface Pairing {
  readonly table: SampleTable;
  readonly match: Readonly<Record<string, string>>;
}

const NO_PATTERN =
  'no pattern pairs them: say how the names hold the key with --match, or name the pairs in a manifest (eval --pairs)';

/**
 * Pairs the files of two inputs: by name, else by a pattern found in the names. Keys without a partner are left out
 * and listed. Throws UsageError where nothing pairs, as `gatherSamples` does.
 */
export async function pairInputs({inputs, match}: InitInputs): Promise<Pairing> {
  try {
    return {table: await gatherSamples(sources(inputs, match, false)), match};
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const found = Object.keys(match).length > 0 ? match : await suggestMatch(inputs);
    if (found === null) throw new UsageError(error.code, `${error.message}; ${NO_PATTERN}`, {cause: error});
    try {
      return {table: await gatherSamples(sources(inputs, found, true)), match: found};
    } catch (second) {
      // The strict pairing's message lists the keys.
      throw second instanceof UsageError ? error : second;
    }
  }
}

function sources(inputs: InitInputs['inputs'], match: InitInputs['match'], allowMissing: boolean): SampleSources {
  return {
    inputs,
    match,
    pairs: null,
    allowMissing,
    requiredRoles: ['pred', 'target'],
    optionalRoles: [],
    classes: null,
    sets: null,
    groupBy: null,
  };
}
