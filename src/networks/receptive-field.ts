import {leastInWindows, type Mask} from '../kernels/mask-windows.js';
import type {NetworkNode, NetworkOperation} from './graph.js';
import {nodeShapes, outputSide} from './shapes.js';

/**
 * 1 at each position of a layer whose receptive field, clipped to the image and through every path of the graph, holds
 * no ignored pixel; length h'·w'. The mask goes through the graph as an image would, with the minimum over each window
 * in place of its operation. `valid` is 1 or 0 per pixel, length height·width.
 * Throws RangeError for a name that is no node of the network.
 */
export function validAt(
  nodes: readonly NetworkNode[],
  layer: string,
  valid: Uint8Array,
  height: number,
  width: number,
): Uint8Array {
  const shape = nodeShapes(nodes, height, width).get(layer);
  if (!shape) throw new RangeError(`no layer '${layer}'`);
  if (!valid.includes(0)) return new Uint8Array(shape.height * shape.width).fill(1);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const masks = new Map<string, Mask>([['image', {data: valid, height, width}]]);
  const maskOf = (name: string): Mask => {
    const known = masks.get(name);
    if (known) return known;
    const {inputs, operation} = byName.get(name) as NetworkNode;
    const mask = inputs
      .map(maskOf)
      .map((input) => shrink(input, operation))
      .reduce(both);
    masks.set(name, mask);
    return mask;
  };
  return maskOf(layer).data;
}

/** The minimum over each window of an operation. */
function shrink(mask: Mask, operation: NetworkOperation): Mask {
  if (operation.type === 'relu' || operation.type === 'concat') return mask;
  const {kernel, stride} = operation;
  const padding = 'padding' in operation ? operation.padding : 0;
  const along = (side: number) => ({count: outputSide(operation, side), kernel, stride, dilation: 1, padding});
  return leastInWindows(mask, along(mask.height), along(mask.width));
}

function both(a: Mask, b: Mask): Mask {
  return {...a, data: a.data.map((value, i) => value & (b.data[i] as number))};
}
