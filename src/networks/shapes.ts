import {SampleError} from '../errors.js';
import type {NetworkDefinition, NetworkNode, NetworkOperation} from './graph.js';

/** A layer's activations for an image of some size. */
export interface FeatureShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Positions along one side after an operation: ⌊(side + 2·padding − kernel)/stride⌋ + 1 for a convolution
 * or an l2-pool, ⌊ or ⌈(side − kernel)/stride⌉ + 1 for a pool; 0 where not one window fits (a pool in ceil mode takes a window that hangs
 * over the edge).
 */
export function outputSide(operation: NetworkOperation, side: number): number {
  if (operation.type === 'relu' || operation.type === 'concat' || side === 0) return side;
  const padding = 'padding' in operation ? operation.padding : 0;
  const steps = (side + 2 * padding - operation.kernel) / operation.stride;
  const whole = operation.type === 'pool' && operation.rounding === 'ceil' ? Math.ceil(steps) : Math.floor(steps);
  return Math.max(0, whole + 1);
}

/** Shape of every node's output for an image of height × width, by name; `image` included. Sides may be 0. */
export function nodeShapes(
  nodes: readonly NetworkNode[],
  height: number,
  width: number,
): ReadonlyMap<string, FeatureShape> {
  const shapes = new Map<string, FeatureShape>([['image', {channels: 3, height, width}]]);
  for (const {name, inputs, operation} of nodes) {
    const from = inputs.map((input) => shapes.get(input) as FeatureShape);
    const first = from[0] as FeatureShape;
    shapes.set(name, {
      channels:
        operation.type === 'conv'
          ? operation.outputChannels
          : operation.type === 'concat'
            ? from.reduce((sum, {channels}) => sum + channels, 0)
            : first.channels,
      height: outputSide(operation, first.height),
      width: outputSide(operation, first.width),
    });
  }
  return shapes;
}

/**
 * Shape of a layer's activations for an image of height × width.
 * Throws SampleError `too-small` where the layer has no position, RangeError for a name that is no node of the network.
 */
export function layerShape(
  network: Pick<NetworkDefinition, 'id' | 'nodes'>,
  layer: string,
  height: number,
  width: number,
): FeatureShape {
  const shape = nodeShapes(network.nodes, height, width).get(layer);
  if (!shape) throw new RangeError(`network ${network.id} has no layer '${layer}'`);
  if (shape.height > 0 && shape.width > 0) return shape;
  const least = smallestSide(network.nodes, layer);
  throw new SampleError(
    'too-small',
    `${network.id}'s ${layer} needs images of at least ${least}×${least}, this one is ${height}×${width}`,
  );
}

/** The smallest square whose layer has a position: a longer side never gives fewer. */
function smallestSide(nodes: readonly NetworkNode[], layer: string): number {
  let side = 1;
  while (nodeShapes(nodes, side, side).get(layer)?.height === 0) side++;
  return side;
}
