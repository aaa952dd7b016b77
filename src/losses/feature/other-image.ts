import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import type {PixelData} from '../../kernels/view.js';
import type {TensorLibrary} from '../contract.js';
import type {FeaturePair, FeatureTerm, TensorNetwork} from '../network-contract.js';
import {gramMatrix} from './feature-statistics.js';
import {fillImage} from './network-image.js';

/** Weights of positions by layer, where not all count alike. */
export type Shares = Readonly<Record<string, Tensor4D | undefined>>;

/**
 * The constant side of a comparison on the tensor device: features of the image compared with, or their Gram matrices.
 * Those of the last image are kept, since one style image may serve a whole run.
 */
export class OtherImage {
  private kept: {readonly data: PixelData; readonly statistics: Readonly<Record<string, Tensor>>} | null = null;

  constructor(
    private readonly tf: TensorLibrary,
    private readonly network: TensorNetwork,
    private readonly terms: readonly FeatureTerm[],
  ) {}

  /** By layer, `[n, …]`, or `[1, …]` where all samples are compared with one image. Images must be of equal size. */
  statistics(pairs: readonly FeaturePair[], shares: Shares): Record<string, Tensor> {
    const [first] = pairs as readonly [FeaturePair];
    const {data} = first.y;
    const isOne = pairs.every(({y, validY}) => y.data === data && validY === null);
    if (!isOne) return this.computed(pairs, shares);
    if (this.kept?.data !== data) {
      this.dispose();
      this.kept = {data, statistics: this.computed([first], {})};
      for (const tensor of Object.values(this.kept.statistics)) this.tf.keep(tensor);
    }
    const {statistics} = this.kept;
    return Object.fromEntries(this.terms.map(({layer}) => [layer, this.tf.clone(statistics[layer] as Tensor)]));
  }

  dispose(): void {
    if (this.kept) this.tf.dispose(this.kept.statistics);
    this.kept = null;
  }

  private computed(pairs: readonly FeaturePair[], shares: Shares): Record<string, Tensor> {
    const {tf, network, terms} = this;
    return tf.tidy(() => {
      const layers = terms.map(({layer}) => layer);
      const features = network.features(imagesTensor(tf, pairs), layers);
      const of = ({layer, statistic}: FeatureTerm): Tensor => {
        const ofLayer = features[layer] as Tensor4D;
        return statistic === 'gram' ? gramMatrix(tf, ofLayer, shares[layer]) : ofLayer;
      };
      return Object.fromEntries(terms.map((term) => [term.layer, of(term)]));
    });
  }
}

function imagesTensor(tf: TensorLibrary, pairs: readonly FeaturePair[]): Tensor4D {
  const {height, width, channels} = (pairs[0] as FeaturePair).y;
  const size = height * width * channels;
  const data = new Float32Array(pairs.length * size);
  pairs.forEach(({y, validY}, i) => {
    fillImage(y, validY, data.subarray(i * size, (i + 1) * size));
  });
  return tf.tensor4d(data, [pairs.length, height, width, channels]);
}
