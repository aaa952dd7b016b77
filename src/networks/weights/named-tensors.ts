import {convolutions} from '../convolutions.js';
import type {ConvolutionWeights} from '../graph.js';
import {type KnownNetwork, knownNetworks} from '../known.js';
import type {WeightsOrigin} from '../origins.js';
import {neededTensors, OWN_LAYOUT, readConvolution, type TensorLayout, tensorMismatch} from './layout.js';
import type {TensorFile} from './tensor-file.js';

/** A network's weights as a file of tensors holds them. */
export interface FileWeights {
  readonly weights: Map<string, ConvolutionWeights>;
  /** What the file's layout, or the file itself, says they are: their preprocessing follows from it. */
  readonly origin: WeightsOrigin;
  /** What the file says of itself. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * A network's weights from a file of tensors. Throws RangeError that names the first tensor that is missing or does not fit,
 * and the network that the file looks like where it is another.
 */
export async function weightsOfTensors(network: KnownNetwork, file: TensorFile): Promise<FileWeights> {
  const layout = layouts(network).find((one) => firstMismatch(network, one, file) === null);
  if (!layout) throw new RangeError(explain(network, file));
  const origin = originOf(network, layout, file);
  const weights = new Map<string, ConvolutionWeights>();
  for (const convolution of convolutions(network.definition)) {
    weights.set(convolution.name, await readConvolution(layout, convolution, file));
  }
  return {weights, origin, metadata: file.metadata};
}

/** Throws RangeError, which says what is wrong, when a file's tensors are not those of a network's origin. */
export function checkTensors(network: KnownNetwork, {layout}: WeightsOrigin, file: Pick<TensorFile, 'entries'>): void {
  if (firstMismatch(network, layout, file) !== null) throw new RangeError(explain(network, file));
}

/** The layouts that a network's files may have; in the order in which a message prefers them. */
function layouts({origins}: KnownNetwork): readonly TensorLayout[] {
  return [...new Set([...origins.map(({layout}) => layout).toReversed(), OWN_LAYOUT])];
}

function originOf({definition, origins}: KnownNetwork, layout: TensorLayout, {metadata}: TensorFile): WeightsOrigin {
  const named = origins.find((origin) =>
    layout === OWN_LAYOUT ? origin.id === metadata.get('origin') : origin.layout === layout,
  );
  const found = named ?? (origins.length === 1 ? origins[0] : undefined);
  if (found) return found;
  const ids = origins.map(({id}) => id).join(' or ');
  throw new RangeError(
    `it does not say whether these weights of ${definition.id} are ${ids}, which want different inputs; name its tensors as torchvision or Keras does`,
  );
}

function explain(network: KnownNetwork, file: Pick<TensorFile, 'entries'>): string {
  const {id} = network.definition;
  const problem = nearestMismatch(network, file);
  const fits = (other: KnownNetwork) => layouts(other).some((layout) => firstMismatch(other, layout, file) === null);
  const other = knownNetworks().find(fits);
  if (other) return `this looks like ${other.definition.id}, not ${id}: ${problem}`;
  if ([...file.entries.keys()].some((name) => name.endsWith('.running_mean'))) {
    return `this network has batch normalisation, ${id} has none: ${problem}`;
  }
  const origins = network.origins.map(({fileOrigin}) => fileOrigin).toReversed();
  return `these are not the weights of ${id} (${origins.join(', or ')}): ${problem}`;
}

interface Mismatch {
  readonly problem: string;
  /** How many tensors fitted before it; a tensor of that name that does not fit counts half. */
  readonly after: number;
}

/** The first mismatch in the layout of which most fits. */
function nearestMismatch(network: KnownNetwork, file: Pick<TensorFile, 'entries'>): string {
  let nearest: Mismatch = {problem: '', after: -1};
  for (const layout of layouts(network)) {
    const mismatch = firstMismatch(network, layout, file);
    if (mismatch !== null && mismatch.after > nearest.after) nearest = mismatch;
  }
  return nearest.problem;
}

/** What is wrong with the first tensor that does not fit, in the order of the network; null when all fit. */
function firstMismatch(
  {definition}: KnownNetwork,
  layout: TensorLayout,
  {entries}: Pick<TensorFile, 'entries'>,
): Mismatch | null {
  const needed = convolutions(definition).flatMap((one) => neededTensors(layout, one, entries));
  for (const [after, tensor] of needed.entries()) {
    const problem = tensorMismatch(tensor, entries);
    if (problem !== null) return {problem, after: entries.has(tensor.name) ? after + 0.5 : after};
  }
  return null;
}
