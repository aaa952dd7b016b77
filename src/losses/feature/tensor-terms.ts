import type {Tensor, Tensor1D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import type {FeatureTerm} from '../network-contract.js';
import {gramDifference, gramMatrix, meanSquaredDifference} from './feature-statistics.js';
import {tensorMeansAndVariations} from './means-and-variations.js';
import {unitDifference} from './unit-difference.js';

/**
 * A term of activations `[n, h, w, c]` and what they are compared with: a Gram matrix for `gram`, else activations; one
 * for each sample or one for all. `shares` `[n, h, w, 1]`: the weight of each position, 1 in all; every position alike
 * without it.
 */
export function tensorTerm(
  tf: TensorLibrary,
  term: FeatureTerm,
  features: Tensor4D,
  other: Tensor,
  shares: Tensor4D | undefined,
): Tensor1D {
  // What a layer's term takes on its way is free again before the next one's.
  return tf.tidy(() => {
    switch (term.statistic) {
      case 'difference':
        return meanSquaredDifference(tf, features, other as Tensor4D, shares);
      case 'gram':
        return gramDifference(tf, gramMatrix(tf, features, shares), other as Tensor3D);
      case 'lpips':
        return unitDifference(tf, features, other as Tensor4D, term.weights, shares);
      case 'dists':
        return tensorMeansAndVariations(tf, features, other as Tensor4D, term);
    }
  });
}
