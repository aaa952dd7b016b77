import type {Samples} from '../samples/sample.js';
import type {ConfiguredLoss} from './configured-loss.js';
import {datasetOf} from './dataset.js';
import type {FileOptions} from './decoded-file.js';

/** What losses found in their first pass over a dataset, by id. */
export type Prepared = Readonly<Record<string, unknown>>;

/**
 * Lets losses make their first pass over the samples, one after another; those that can take what another process found
 * over the same samples (`known`) take that. Throws the signal's reason when aborted.
 */
export async function firstPass(
  losses: readonly ConfiguredLoss[],
  samples: Samples,
  options: FileOptions,
  {signal, known = {}}: {readonly signal: AbortSignal; readonly known?: Prepared | undefined},
): Promise<Prepared> {
  const prepared: Record<string, unknown> = {};
  for (const loss of losses) {
    const {id, instance} = loss;
    if (!instance.prepare) continue;
    const isKnown = instance.restore !== undefined && id in known;
    if (isKnown) instance.restore?.(known[id]);
    prepared[id] = isKnown ? known[id] : await instance.prepare(datasetOf(loss, samples, options, signal));
  }
  return prepared;
}
