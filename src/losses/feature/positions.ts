import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {View} from '../../kernels/view.js';
import type {TensorLibrary} from '../contract.js';
import type {FeatureNetwork} from '../network-contract.js';

/** The positions of a layer that count. */
export interface Positions {
  readonly height: number;
  readonly width: number;
  readonly count: number;
  /** 1 where a position counts; null when all do. */
  readonly mask: Uint8Array | null;
}

/** The positions of a layer for an image with these valid pixels. Throws SampleError `too-small` where there is none. */
export function positionsAt(network: FeatureNetwork, layer: string, image: View, valid: Uint8Array | null): Positions {
  const {height, width} = network.shape(layer, image.height, image.width);
  if (valid === null) return {height, width, count: height * width, mask: null};
  const mask = network.validAt(layer, valid, image.height, image.width);
  return {height, width, count: mask.reduce((sum, one) => sum + one, 0), mask};
}

/** What each position weighs in a mean, `[n, h, w, 1]`, NaN where none counts; undefined when all count alike. */
export function sharesTensor(tf: TensorLibrary, positions: readonly Positions[]): Tensor4D | undefined {
  const {height, width} = positions[0] as Positions;
  if (positions.every(({mask}) => mask === null)) return undefined;
  const size = height * width;
  const data = new Float32Array(positions.length * size);
  positions.forEach(({mask, count}, sample) => {
    for (let i = 0; i < size; i++) data[sample * size + i] = (mask ? (mask[i] as number) : 1) / count;
  });
  return tf.tensor4d(data, [positions.length, height, width, 1]);
}
