import type {Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Cell} from '../../rows/row.js';
import type {
  FeatureComparison,
  FeatureNetwork,
  FeaturePair,
  FeatureTerm,
  SampleViews,
  TensorLibrary,
} from '../contract.js';
import {type ImageComparison, type PreparedLayer, type PreparedPair, preparePair} from './image-comparison.js';
import {OtherImage} from './other-image.js';
import {sharesTensor} from './positions.js';
import {tensorTerm} from './tensor-terms.js';

type Tensors = Readonly<Record<string, Tensor>>;

/** A comparison in its two forms: a tensor program, and the network's fast executor where there is one. */
export class ComparedLayers {
  readonly layers: readonly string[];
  private readonly fast: FeatureComparison | null;
  private readonly other: OtherImage;
  private readonly known = new WeakMap<SampleViews, PreparedPair>();

  constructor(
    private readonly tf: TensorLibrary,
    private readonly network: FeatureNetwork,
    private readonly comparison: ImageComparison,
  ) {
    const {terms} = comparison;
    this.layers = terms.map(({layer}) => layer);
    this.fast = network.comparison(terms);
    this.other = new OtherImage(tf, network, terms);
  }

  get parts(): readonly string[] {
    return this.layers.map((layer) => this.comparison.part(layer));
  }

  get isFast(): boolean {
    return this.fast !== null;
  }

  /** A sample's images. Throws SampleError where one is too small for a layer or cannot be compared. */
  pair(sample: SampleViews): FeaturePair {
    return this.prepared(sample).pair;
  }

  /** The tensors that `forward` takes beside the prediction's features. */
  feed(samples: readonly SampleViews[]): Record<string, Tensor> {
    const {tf, layers} = this;
    const prepared = samples.map((sample) => this.prepared(sample));
    const sharesOf = (side: 'x' | 'y', layer: number) => {
      const positions = prepared.map((one) => (one.layers[layer] as PreparedLayer)[side]);
      return sharesTensor(tf, positions);
    };
    const others = this.other.statistics(
      prepared.map(({pair}) => pair),
      Object.fromEntries(layers.map((layer, i) => [layer, sharesOf('y', i)])),
    );
    const feeds: Record<string, Tensor> = {};
    layers.forEach((layer, i) => {
      feeds[this.feedName('other', layer)] = others[layer] as Tensor;
      feeds[this.feedName('factor', layer)] = tf.tensor1d(
        prepared.map((one) => (one.layers[i] as PreparedLayer).factor),
      );
      const shares = sharesOf('x', i);
      if (shares) feeds[this.feedName('shares', layer)] = shares;
    });
    return feeds;
  }

  /** Each layer's term by column part, `[n]`. */
  forward(features: Readonly<Record<string, Tensor4D>>, feeds: Tensors): Record<string, Tensor1D> {
    const {tf, comparison} = this;
    const ofTerm = (term: FeatureTerm): Tensor1D => {
      const {layer} = term;
      const other = feeds[this.feedName('other', layer)] as Tensor;
      const shares = feeds[this.feedName('shares', layer)] as Tensor4D | undefined;
      const statistic = tensorTerm(tf, term, features[layer] as Tensor4D, other, shares);
      return tf.mul(statistic, feeds[this.feedName('factor', layer)] as Tensor1D);
    };
    return Object.fromEntries(comparison.terms.map((term) => [comparison.part(term.layer), ofTerm(term)]));
  }

  /** The same of one sample through the fast executor, in the order of the layers. Throws TypeError where there is none. */
  async fastTerms(sample: SampleViews): Promise<number[]> {
    if (this.fast === null) throw new TypeError(`${this.network.id} has no fast executor`);
    const {pair, layers} = this.prepared(sample);
    const numbers = await this.fast.compare(pair);
    return layers.map(({factor}, i) => (numbers[i] as number) * factor);
  }

  /** A sample's terms as cells by column part. */
  cells(sample: SampleViews, terms: readonly number[]): Record<string, Cell> {
    const {layers} = this.prepared(sample);
    const cell = (i: number): Cell => {
      const term = terms[i] as number;
      if (!Number.isNaN(term)) return term;
      const {x, y} = layers[i] as PreparedLayer;
      return {undefined: x.count * y.count === 0 ? `no valid position at ${this.layers[i]}` : 'computed NaN'};
    };
    return Object.fromEntries(this.parts.map((part, i) => [part, cell(i)]));
  }

  dispose(): void {
    this.other.dispose();
  }

  private feedName(what: string, layer: string): string {
    return `${this.comparison.name} ${what} ${layer}`;
  }

  private prepared(sample: SampleViews): PreparedPair {
    const made = this.known.get(sample) ?? preparePair(this.network, this.comparison, sample);
    this.known.set(sample, made);
    return made;
  }
}
