import type {Tensor} from 'onnxruntime-node';
import {gramChunks} from './gram-chunks.js';
import {ElementType, type OnnxConstant, type OnnxInput, type OnnxNode} from './model.js';
import type {Positions} from './positions.js';
import type {OnnxRuntime} from './runtime.js';
import {statisticName} from './statistic.js';

/** Names of a Gram matrix's inputs beside the layer. */
const chunksInput = (layer: string): string => `chunks of ${layer}`;
const maskInput = (layer: string): string => `mask of ${layer}`;

/** What the Gram matrices of a graph have in common. */
export function gramConstants(masked: boolean): OnnxConstant[] {
  const first = {name: 'first axis', integers: [0]};
  return masked ? [first, {name: 'zero', number: 0}] : [first];
}

/**
 * The inputs that a layer's Gram matrix takes: `chunks of LAYER`, the integers `[c, count, length]` of `gramChunks`,
 * and, when `masked`, `mask of LAYER` `[1, count, length]`, 1 where a position counts.
 */
export function gramInputs(layer: string, masked: boolean): OnnxInput[] {
  const chunks = {name: chunksInput(layer), element: ElementType.int64, shape: [3]};
  if (!masked) return [chunks];
  return [chunks, {name: maskInput(layer), element: ElementType.bool, shape: [1, `${layer} count`, `${layer} length`]}];
}

/** F·Fᵀ of `[1, c, h, w]` or `[c, h, w]` as the float64 sum of the products of its chunks, which the runtime reads in place. */
export function gramNodes(layer: string, masked: boolean): OnnxNode[] {
  const chunked = `chunked ${layer}`;
  const counted = masked ? `counted ${layer}` : chunked;
  const parts = `products of ${layer}`;
  return [
    {operator: 'Reshape', inputs: [layer, chunksInput(layer)], output: chunked},
    ...(masked ? [{operator: 'Where', inputs: [maskInput(layer), chunked, 'zero'], output: counted}] : []),
    {
      operator: 'FusedMatMul',
      domain: 'com.microsoft',
      inputs: [counted, counted],
      output: parts,
      attributes: {transB: 1, transBatchA: 1, transBatchB: 1},
    },
    {operator: 'Cast', inputs: [parts], output: `wide ${parts}`, attributes: {to: ElementType.float64}},
    {
      operator: 'ReduceSum',
      inputs: [`wide ${parts}`, 'first axis'],
      output: statisticName({layer, statistic: 'gram'}),
      attributes: {keepdims: 0},
    },
  ];
}

/** The tensors of `gramInputs` for an image. */
export function gramInputTensors(
  {Tensor: Values}: OnnxRuntime,
  layer: string,
  {channels, height, width, valid}: Positions,
  masked: boolean,
): Record<string, Tensor> {
  const {count, length} = gramChunks(height * width);
  const sides = BigInt64Array.of(BigInt(channels), BigInt(count), BigInt(length));
  const chunks = {[chunksInput(layer)]: new Values('int64', sides, [3])};
  if (!masked) return chunks;
  const mask = valid ?? new Uint8Array(height * width).fill(1);
  return {...chunks, [maskInput(layer)]: new Values('bool', mask, [1, count, length])};
}
