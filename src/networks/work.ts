import type {NetworkDefinition, NetworkOperation} from './graph.js';
import {nodeShapes} from './shapes.js';
import {planSteps} from './steps.js';

/** Convolutions of three channels run at a fifth of the speed of others: three fill no vector. */
const OF_FEW_CHANNELS = 5;

/**
 * Multiplications and additions of the convolutions up to a layer for one image, those of an image's own channels
 * counted five times, since they take as long: measured with ONNX Runtime, 20 to 25 against 100 to 150 GFLOP/s a core.
 */
export function convolutionWork(
  network: Pick<NetworkDefinition, 'id' | 'nodes'>,
  layer: string,
  height: number,
  width: number,
): number {
  const shapes = nodeShapes(network.nodes, height, width);
  return planSteps(network, [layer]).reduce((sum, {node}) => {
    const shape = shapes.get(node.name);
    return sum + (shape ? operationWork(node.operation) * shape.height * shape.width : 0);
  }, 0);
}

/** For each position of the output. */
function operationWork(operation: NetworkOperation): number {
  if (operation.type !== 'conv') return 0;
  const {inputChannels, outputChannels, kernel} = operation;
  return 2 * inputChannels * outputChannels * kernel ** 2 * (inputChannels <= 3 ? OF_FEW_CHANNELS : 1);
}
