import {UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import {type Convolution, convolutions, kernelShape} from '../convolutions.js';
import type {ConvolutionWeights} from '../graph.js';
import {type KnownNetwork, knownNetworks} from '../known.js';
import type {Safetensors} from './safetensors.js';
import {withSafetensors} from './safetensors.js';

/**
 * A network's weights from a safetensors file. What else the file holds (a classifier) is not read.
 * Throws UsageError that names the first tensor that is missing, or has another shape or type, and the network that the
 * file looks like where it is another.
 */
export async function fileWeights(network: KnownNetwork, path: string): Promise<Map<string, ConvolutionWeights>> {
  return withSafetensors(path, async (file) => {
    const problem = firstMismatch(network, file);
    if (problem !== null) throw new UsageError(`weights '${printable(path)}': ${explain(network, file, problem)}`);
    const weights = new Map<string, ConvolutionWeights>();
    for (const {name} of convolutions(network.definition)) {
      const tensor = network.tensorName(name);
      weights.set(name, {kernel: await file.read(`${tensor}.weight`), bias: await file.read(`${tensor}.bias`)});
    }
    return weights;
  });
}

function explain(network: KnownNetwork, file: Safetensors, problem: string): string {
  const {id} = network.definition;
  const other = knownNetworks().find((candidate) => firstMismatch(candidate, file) === null);
  if (other) return `this looks like ${other.definition.id}, not ${id}: ${problem}`;
  if ([...file.entries.keys()].some((name) => name.endsWith('.running_mean'))) {
    return `this network has batch normalisation, ${id} has none: ${problem}`;
  }
  return `these are not the weights of ${id} (${network.fileOrigin}): ${problem}`;
}

/** What is wrong with the first tensor that does not fit, in the order of the network; null when all fit. */
function firstMismatch(network: KnownNetwork, {entries}: Safetensors): string | null {
  for (const {name, shape} of convolutions(network.definition).flatMap((one) => expectedTensors(network, one))) {
    const found = entries.get(name);
    const expected = `F32 [${shape.join(', ')}]`;
    if (!found) return `there is no tensor ${name}, expected ${expected}`;
    const came = `${found.dtype} [${found.shape.join(', ')}]`;
    if (came !== expected) return `tensor ${name} is ${came}, expected ${expected}`;
  }
  return null;
}

function expectedTensors(network: KnownNetwork, convolution: Convolution) {
  const tensor = network.tensorName(convolution.name);
  const shape = kernelShape(convolution);
  return [
    {name: `${tensor}.weight`, shape},
    {name: `${tensor}.bias`, shape: [shape[0]]},
  ];
}
