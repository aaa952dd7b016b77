import type {KnownNetwork} from '../known.js';
import type {WeightsOrigin} from '../origins.js';

/** The command that downloads a network's weights. */
export function pullCommand(network: KnownNetwork, origin: WeightsOrigin): string {
  return `cv-loss models pull ${network.definition.id}${sourceFlag(network, origin)}`;
}

/** The command that takes a network's weights from a file; its layout says which they are. */
export function importCommand({definition}: KnownNetwork): string {
  return `cv-loss models import ${definition.id} FILE`;
}

/** The flag that names an origin, where it is not the default one. */
function sourceFlag({origins}: KnownNetwork, origin: WeightsOrigin): string {
  return origin === origins[0] ? '' : ` --source ${origin.id}`;
}
