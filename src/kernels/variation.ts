import {BLOCK_BYTES, blockShape, blocksOf, copyBlock} from './blocks.js';
import {arrayOf, type Elements} from './elements.js';
import type {View} from './view.js';
import {kernels, regions, type VariationKernel} from './wasm.js';

/** Sums over the forward differences of an image along rows and columns, zero past the edge. */
export interface Variation {
  /** Σ |dx| + |dy|. */
  readonly absolute: number;
  /** Σ dx² + dy². */
  readonly squared: number;
}

/** Σ|dx| + |dy| and Σ dx² + dy² of all elements: of 8- and 16-bit images exact up to the scale, of others in float64. */
export function variation(view: View<Elements>, blockBytes: number = BLOCK_BYTES): Variation {
  const [absolute = 0, squared = 0] = overBlocks(view, 'addVariation', blockBytes);
  return {absolute: absolute * view.scale, squared: squared * view.scale ** 2};
}

/** Σ√(dx² + dy²) of all elements, in float64. */
export function rootVariation(view: View<Elements>, blockBytes: number = BLOCK_BYTES): number {
  const [sum = 0] = overBlocks(view, 'addRootVariation', blockBytes);
  return sum * view.scale;
}

/** What the kernel adds up, without the view's scale. Memory: a block of the image. */
function overBlocks(
  view: View<Elements>,
  kernel: 'addVariation' | 'addRootVariation',
  blockBytes: number,
): Float64Array {
  const {name, array} = elementsOf(view);
  const add: VariationKernel = kernels()[`${kernel}${name}`];
  const size = array.BYTES_PER_ELEMENT;
  const shape = blockShape(view, size, {margin: 1, least: 16, bytes: blockBytes});
  const length = shape.rows * shape.columns * view.channels;
  const [at, sums] = regions(length * size, 16) as [number, number];
  const {buffer} = kernels().memory;
  const results = new Float64Array(buffer, sums, 2).fill(0);
  const elements = new array(buffer, at, length);
  for (const block of blocksOf(view, shape)) {
    copyBlock(view, block, elements);
    add(at, block.rows, block.columns, block.ownRows, block.ownColumns, view.channels, sums);
  }
  return results.slice();
}

function elementsOf({data}: View<Elements>) {
  const array = arrayOf(data);
  if (array === Uint8Array) return {name: 'U8', array: Uint8Array} as const;
  if (array === Uint16Array) return {name: 'U16', array: Uint16Array} as const;
  return {name: 'F64', array: Float64Array} as const;
}
