import type {Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {squaredDifferences, unitDifferences} from '../../kernels/position-terms.js';
import type {View} from '../../kernels/view.js';
import type {TensorLibrary} from '../contract.js';
import type {FeaturePair, FeatureTerm, TensorNetwork} from '../network-contract.js';
import {fillImage} from './network-image.js';

/** Terms at every position of their layers, from activations of the tensor library; null for one that is no mean over positions. */
export async function tensorPositionTerms(
  tf: TensorLibrary,
  network: TensorNetwork,
  {x, y, validX, validY}: FeaturePair,
  terms: readonly FeatureTerm[],
): Promise<(Float64Array | null)[]> {
  const layers = terms.map(({layer}) => layer);
  const ofX = await planesOf(tf, network, x, validX, layers);
  const ofY = await planesOf(tf, network, y, validY, layers);
  return terms.map((term, i) => {
    if (term.statistic === 'gram' || term.statistic === 'dists') return null;
    const [own, other] = [ofX[i], ofY[i]] as [Planes, Planes];
    const pair = {x: own.data, y: other.data, positions: own.positions};
    return term.statistic === 'lpips' ? unitDifferences(pair, term.weights) : squaredDifferences(pair);
  });
}

interface Planes {
  readonly data: Float32Array;
  readonly positions: number;
}

async function planesOf(
  tf: TensorLibrary,
  network: TensorNetwork,
  view: View,
  valid: Uint8Array | null,
  layers: readonly string[],
): Promise<Planes[]> {
  const {height, width, channels} = view;
  const image = new Float32Array(height * width * channels);
  fillImage(view, valid, image);
  const planes = tf.tidy(() => {
    const features = network.features(tf.tensor4d(image, [1, height, width, channels]), layers);
    return layers.map((layer) => {
      const [one] = tf.unstack(features[layer] as Tensor4D) as [Tensor3D];
      return tf.transpose(one, [2, 0, 1]);
    });
  });
  try {
    const found: Planes[] = [];
    for (const tensor of planes) {
      const [, rows, columns] = tensor.shape;
      found.push({data: (await tensor.data()) as Float32Array, positions: rows * columns});
    }
    return found;
  } finally {
    tf.dispose(planes);
  }
}
