import type {NetworkNode, NetworkOperation} from './graph.js';
import {nodeShapes, outputSide} from './shapes.js';

/** Which positions of a node's output see valid pixels only: 1 or 0 each, row-major. */
interface Mask {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
}

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

/** The minimum over each window of an operation, along rows and then along columns. */
function shrink(mask: Mask, operation: NetworkOperation): Mask {
  if (operation.type === 'relu' || operation.type === 'concat') return mask;
  return alongColumns(alongRows(mask, operation), operation);
}

type Window = Extract<NetworkOperation, {kernel: number}>;

function alongRows({data, height, width}: Mask, operation: Window): Mask {
  const outWidth = outputSide(operation, width);
  const out = new Uint8Array(height * outWidth);
  for (let x = 0; x < outWidth; x++) {
    const [start, end] = windowAt(operation, x, width);
    for (let y = 0; y < height; y++) {
      let least = 1;
      for (let i = start; i < end; i++) least &= data[y * width + i] as number;
      out[y * outWidth + x] = least;
    }
  }
  return {data: out, height, width: outWidth};
}

function alongColumns({data, height, width}: Mask, operation: Window): Mask {
  const outHeight = outputSide(operation, height);
  const out = new Uint8Array(outHeight * width).fill(1);
  for (let y = 0; y < outHeight; y++) {
    const [start, end] = windowAt(operation, y, height);
    for (let i = start; i < end; i++) {
      for (let x = 0; x < width; x++)
        out[y * width + x] = (out[y * width + x] as number) & (data[i * width + x] as number);
    }
  }
  return {data: out, height: outHeight, width};
}

/** The real values under window `i`: padding and what hangs over the edge are left out. */
function windowAt(operation: Window, i: number, side: number): readonly [start: number, end: number] {
  const start = i * operation.stride - ('padding' in operation ? operation.padding : 0);
  return [Math.max(0, start), Math.min(side, start + operation.kernel)];
}

function both(a: Mask, b: Mask): Mask {
  return {...a, data: a.data.map((value, i) => value & (b.data[i] as number))};
}
