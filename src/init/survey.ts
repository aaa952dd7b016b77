import {contentOf} from './content.js';
import {lookAt} from './look.js';
import {type InitInputs, pairInputs} from './pair.js';
import type {Seen} from './seen.js';
import {relateSizes} from './sizes.js';

/**
 * Looks at a dataset: pairs its files and reads some of them. `inputs` are absolute paths or globs.
 * Throws UsageError where nothing pairs or can be found.
 */
export async function survey(request: InitInputs): Promise<Seen> {
  const pairing = await pairInputs(request);
  const look = await lookAt(pairing.table.samples);
  return {inputs: request.inputs, pairing, look, content: contentOf(look), sizes: relateSizes(look.sizes)};
}
