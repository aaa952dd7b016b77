import {UsageError} from '../../errors.js';
import type {ConvolutionWeights} from '../graph.js';
import type {KnownNetwork} from '../known.js';
import type {WeightsOrigin} from '../origins.js';
import {importCommand, pullCommand} from './commands.js';
import type {StoredWeights, WeightsStore} from './weights-store.js';

/**
 * A network's weights of an origin from the store. Throws UsageError, with the commands that get them, when they are not
 * there, and when the file is damaged.
 */
export async function storedWeights(
  network: KnownNetwork,
  origin: WeightsOrigin,
  store: WeightsStore,
): Promise<{readonly weights: Map<string, ConvolutionWeights>; readonly stored: StoredWeights}> {
  return (await store.load(network, origin)) ?? refuse(network, origin, store);
}

async function refuse(network: KnownNetwork, origin: WeightsOrigin, store: WeightsStore): Promise<never> {
  const {id} = network.definition;
  const others: string[] = [];
  for (const other of network.origins) {
    const isThere = other !== origin && (await store.find(network, other).catch(() => null)) !== null;
    if (isThere) others.push(`, or use those that are there: weights: ${other.id}`);
  }
  throw new UsageError(
    'CVL-N003',
    `network ${id}: its weights (${origin.id}) are not on this machine: ${pullCommand(network, origin)}, or, from a file you have: ${importCommand(network)}${others.join('')}`,
  );
}

/** What a report says of stored weights: the origin, and the file they were imported from where nothing says it was the published one. */
export function sourceText({origin, checked, from}: StoredWeights): string {
  return checked === 'published' || checked === 'revision' ? origin : `${origin}, from ${from}`;
}
