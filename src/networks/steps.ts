import type {NetworkDefinition, NetworkNode} from './graph.js';

/** One step of the tensor program: a node, or a convolution and its ReLU in one. */
export interface Step {
  /** The node whose output this step makes. */
  readonly name: string;
  readonly inputs: readonly string[];
  /** The node whose operation is computed; a ReLU follows where `relu` is set. */
  readonly node: NetworkNode;
  readonly relu: boolean;
  /** Outputs (or `image`) that nothing reads after this step, and that were not asked for. */
  readonly releases: readonly string[];
}

/**
 * The steps that make the layers asked for, in order, and no others. A convolution that only its ReLU reads becomes one
 * step with it.
 * Throws RangeError for a name that is no node of the network.
 */
export function planSteps(network: Pick<NetworkDefinition, 'id' | 'nodes'>, layers: readonly string[]): Step[] {
  const needed = neededNodes(network, layers);
  const readers = countReaders(needed);
  const byName = new Map(needed.map((node) => [node.name, node]));
  const folded = (node: NetworkNode): NetworkNode | undefined => {
    const input = node.operation.type === 'relu' ? byName.get(node.inputs[0] as string) : undefined;
    const alone = input?.operation.type === 'conv' && readers.get(input.name) === 1 && !layers.includes(input.name);
    return alone ? input : undefined;
  };
  const inside = new Set(needed.map((node) => folded(node)?.name));
  const steps = needed
    .filter(({name}) => !inside.has(name))
    .map((node) => {
      const convolution = folded(node);
      return {
        name: node.name,
        inputs: (convolution ?? node).inputs,
        node: convolution ?? node,
        relu: convolution !== undefined,
      };
    });
  const last = new Map(steps.flatMap(({inputs}, i) => inputs.map((input) => [input, i] as const)));
  return steps.map((step, i) => ({
    ...step,
    releases: [...new Set(step.inputs)].filter((input) => last.get(input) === i && !layers.includes(input)),
  }));
}

/** The layers and all that they are made of, in the order of the network. */
function neededNodes({id, nodes}: Pick<NetworkDefinition, 'id' | 'nodes'>, layers: readonly string[]): NetworkNode[] {
  const unknown = layers.find((layer) => !nodes.some(({name}) => name === layer));
  if (unknown !== undefined) throw new RangeError(`network ${id} has no layer '${unknown}'`);
  const wanted = new Set(layers);
  for (const {name, inputs} of nodes.toReversed()) {
    if (wanted.has(name)) for (const input of inputs) wanted.add(input);
  }
  return nodes.filter(({name}) => wanted.has(name));
}

function countReaders(nodes: readonly NetworkNode[]): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  for (const input of nodes.flatMap(({inputs}) => inputs)) readers.set(input, (readers.get(input) ?? 0) + 1);
  return readers;
}
