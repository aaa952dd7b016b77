import {distance} from 'fastest-levenshtein';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {alexnet} from './alexnet.js';
import type {NetworkDefinition, Preprocessing} from './graph.js';
import {SQUEEZENET_ORIGINAL, torchvisionFile, vggOriginal, vggTorchvision, type WeightsOrigin} from './origins.js';
import {CAFFE, TORCHVISION} from './preprocessing.js';
import {squeezenet1_0, squeezenet1_1} from './squeezenet.js';
import {vgg16, vgg19} from './vgg.js';

/** A network that a config may name, and the weights there are for it. */
export interface KnownNetwork {
  readonly definition: NetworkDefinition;
  /** What hashed weights take. */
  readonly preprocessing: Preprocessing;
  /** Whether its default weights ship with the package. */
  readonly bundled: boolean;
  /** The first are the default. */
  readonly origins: readonly [WeightsOrigin, ...WeightsOrigin[]];
}

const KNOWN: readonly KnownNetwork[] = [
  {definition: squeezenet1_0, preprocessing: CAFFE, bundled: true, origins: [SQUEEZENET_ORIGINAL]},
  {
    definition: vgg16,
    preprocessing: TORCHVISION,
    bundled: false,
    origins: [
      vggOriginal('vgg16', 58_889_256, '6d6bbae143d832006294945121d1f1fc', '64373286793e3c8b2b4e3219cbf3544b'),
      vggTorchvision(
        vgg16,
        '3394518cba29aee1ea82a49d971be90d2dd1dab7',
        '57b026918159a6bf9faf8405c3a551903768e7138989d9c6224a14227203fad8',
        '397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0',
      ),
    ],
  },
  {
    definition: vgg19,
    preprocessing: TORCHVISION,
    bundled: false,
    origins: [
      vggOriginal('vgg19', 80_134_624, '253f8cb515780f3b799900260a226db6', 'cbe5617147190e668d6c5d5026f83318'),
      vggTorchvision(
        vgg19,
        '128d4708565b3a414bcbb9bbad440b2fe37b9f18',
        '11aea017b543ff59233749d8f1cf544cda749378f5790d2fedab841fb86b7669',
        'dcbb9e9d',
      ),
    ],
  },
  {
    definition: alexnet,
    preprocessing: TORCHVISION,
    bundled: false,
    origins: [
      torchvisionFile(
        alexnet,
        'alexnet-owt-7be5be79.pth',
        244_408_911,
        '7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02',
      ),
    ],
  },
  {
    definition: squeezenet1_1,
    preprocessing: TORCHVISION,
    bundled: false,
    origins: [
      torchvisionFile(
        squeezenet1_1,
        'squeezenet1_1-b8a52dc0.pth',
        4_958_839,
        'b8a52dc049b60e4b6ab68ad0df457362afab8b6304b2febdc1650a5dab4d7e7b',
      ),
    ],
  },
];

/** The networks, in the order they are listed to people. */
export function knownNetworks(): readonly KnownNetwork[] {
  return KNOWN;
}

/** The network of that name. Throws UsageError, with the known names, nearest first, when there is none. */
export function knownNetwork(name: string): KnownNetwork {
  const found = KNOWN.find(({definition}) => definition.id === name);
  if (found) return found;
  const names = KNOWN.map(({definition}) => definition.id);
  names.sort((a, b) => distance(name, a) - distance(name, b));
  throw new UsageError('CVL-N001', `network '${printable(name)}' is not known; known networks: ${names.join(', ')}`);
}

/**
 * The network's weights of that origin; the default ones when none is named.
 * Throws UsageError, with the network's origins, when it has no such weights.
 */
export function networkOrigin({definition, origins}: KnownNetwork, id?: string): WeightsOrigin {
  const found = id === undefined ? origins[0] : origins.find((origin) => origin.id === id);
  if (found) return found;
  const ids = origins.map((origin) => origin.id).join(', ');
  throw new UsageError(
    'CVL-N002',
    `network ${definition.id} has no '${printable(String(id))}' weights; it has: ${ids}`,
  );
}
