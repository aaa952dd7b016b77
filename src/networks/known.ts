import {distance} from 'fastest-levenshtein';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import type {NetworkDefinition, Preprocessing} from './graph.js';
import {CAFFE, TORCHVISION} from './preprocessing.js';
import {squeezenet1_0} from './squeezenet.js';
import {vgg16, vgg19} from './vgg.js';

/** A network that a config may name, and what its weights are like. */
export interface KnownNetwork {
  readonly definition: NetworkDefinition;
  /** What its weights, and hashed ones, were made for. */
  readonly preprocessing: Preprocessing;
  /** Whether its weights ship with the package. */
  readonly bundled: boolean;
  /** Where weights files of this form come from, for messages. */
  readonly fileOrigin: string;
  /** A convolution's name in weights files, before `.weight` and `.bias`. */
  tensorName(convolution: string): string;
}

const KNOWN: readonly KnownNetwork[] = [
  {
    definition: squeezenet1_0,
    preprocessing: CAFFE,
    bundled: true,
    fileOrigin: "the authors' squeezenet1_0 in safetensors, Caffe's names",
    tensorName: (convolution) => convolution,
  },
  torchvisionVgg(vgg16),
  torchvisionVgg(vgg19),
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
  throw new UsageError(`network '${printable(name)}' is not known; known networks: ${names.join(', ')}`);
}

/** torchvision numbers a VGG's convolutions, ReLUs and pools in one sequence, `features.0` first: the order of the nodes. */
function torchvisionVgg(definition: NetworkDefinition): KnownNetwork {
  return {
    definition,
    preprocessing: TORCHVISION,
    bundled: false,
    fileOrigin: `torchvision's ${definition.id} in safetensors`,
    tensorName: (convolution) => `features.${definition.nodes.findIndex(({name}) => name === convolution)}`,
  };
}
