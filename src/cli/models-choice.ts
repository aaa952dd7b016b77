import {Option} from 'commander';
import type {KnownNetwork} from '../networks/known.js';
import type {WeightsOrigin} from '../networks/origins.js';

/** A network's weights. */
export type Choice = readonly [network: KnownNetwork, origin: WeightsOrigin];

/** `--source <name>`: whose weights of a network. */
export function sourceOption(): Option {
  return new Option('--source <name>', 'whose weights: original (where there are such, the default) or torchvision');
}

/** The weights that a command names. Throws UsageError when there are no such. */
export async function chooseOrigin(name: string, source: string | undefined): Promise<Choice> {
  const {knownNetwork, networkOrigin} = await import('../networks/known.js');
  const network = knownNetwork(name);
  return [network, networkOrigin(network, source)];
}

/** Every origin of the networks named, or of all. */
export async function allOrigins(names: readonly string[]): Promise<Choice[]> {
  const {knownNetwork, knownNetworks} = await import('../networks/known.js');
  const chosen = names.length === 0 ? knownNetworks() : names.map((name) => knownNetwork(name));
  return chosen.flatMap((network) => network.origins.map((origin) => [network, origin] as const));
}
