import type {NetworkDefinition, NetworkOperation} from './graph.js';

/** A convolution of a network: its node's name and its operation. */
export interface Convolution {
  readonly name: string;
  readonly operation: Extract<NetworkOperation, {type: 'conv'}>;
}

/** The convolutions of a network, in the order of its nodes. */
export function convolutions({nodes}: Pick<NetworkDefinition, 'nodes'>): Convolution[] {
  return nodes.flatMap(({name, operation}) => (operation.type === 'conv' ? [{name, operation}] : []));
}

/** Shape of a convolution's kernel, OIHW. */
export function kernelShape({operation}: Convolution): readonly [number, number, number, number] {
  return [operation.outputChannels, operation.inputChannels, operation.kernel, operation.kernel];
}

/** Weights and biases of a network's convolutions. */
export function parameterCount(network: Pick<NetworkDefinition, 'nodes'>): number {
  const counts = convolutions(network).map((convolution) => {
    const [outputs, inputs, side] = kernelShape(convolution);
    return outputs * (inputs * side * side + 1);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
