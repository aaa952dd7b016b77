import {openAtomicFile} from '../../storage/atomic-file.js';
import {convolutions, kernelShape} from '../convolutions.js';
import type {ConvolutionWeights, NetworkDefinition} from '../graph.js';
import {littleEndian} from '../weights/bytes.js';
import {OWN_LAYOUT} from '../weights/layout.js';

/**
 * Writes a network's weights as safetensors in cv-loss's own layout, whole or not at all: kernel before bias in the order
 * of the network, so that the file's data are the bytes of the weights' hash.
 * Throws RunError when it cannot be written.
 */
export async function writeStoredFile(
  path: string,
  definition: NetworkDefinition,
  weights: ReadonlyMap<string, ConvolutionWeights>,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const header: Record<string, unknown> = {__metadata__: metadata};
  const chunks: Uint8Array[] = [];
  let end = 0;
  const add = (name: string, shape: readonly number[], values: Float32Array) => {
    const bytes = littleEndian(values);
    header[name] = {dtype: 'F32', shape, data_offsets: [end, end + bytes.length]};
    end += bytes.length;
    chunks.push(bytes);
  };
  for (const convolution of convolutions(definition)) {
    const {kernel, bias} = weights.get(convolution.name) as ConvolutionWeights;
    const names = OWN_LAYOUT.names(convolution.name, new Map());
    const shape = kernelShape(convolution);
    add(names.kernel, shape, kernel);
    add(names.bias, [shape[0]], bias);
  }
  const file = await openAtomicFile(path);
  try {
    for (const chunk of [safetensorsHeader(header), ...chunks]) await file.write(chunk);
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** A safetensors header with its length, padded so that the data begin at a multiple of 8. */
export function safetensorsHeader(header: Readonly<Record<string, unknown>>): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(8 + 8 * Math.ceil(text.length / 8), ' ');
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  text.copy(padded, 8);
  return padded;
}
