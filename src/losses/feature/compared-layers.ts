import type {Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Cell} from '../../rows/row.js';
import type {TensorLibrary} from '../contract.js';
import {
  type FeatureComparison,
  type FeatureNetwork,
  type FeaturePair,
  type FeatureTerm,
  isTensorNetwork,
} from '../network-contract.js';
import type {SampleViews} from '../sample-contract.js';
import {hasMap, type LayerMap} from './feature-map.js';
import {type ImageComparison, networkPair, type PreparedLayer, prepareLayers} from './image-comparison.js';
import {OtherImage} from './other-image.js';
import {tensorPositionTerms} from './position-terms.js';
import {sharesTensor} from './positions.js';
import {tensorTerm} from './tensor-terms.js';

type Tensors = Readonly<Record<string, Tensor>>;

/**
 * A comparison in its two forms: a tensor program, where the tensor library can run the network, and the network's own
 * executor, where there is one.
 */
export class ComparedLayers {
  readonly layers: readonly string[];
  private readonly fast: FeatureComparison | null;
  private readonly other: OtherImage | null;
  private readonly pairs = new WeakMap<SampleViews, FeaturePair>();
  private readonly prepared = new WeakMap<SampleViews, readonly PreparedLayer[]>();

  constructor(
    private readonly tf: TensorLibrary,
    private readonly network: FeatureNetwork,
    private readonly comparison: ImageComparison,
  ) {
    const {terms} = comparison;
    this.layers = terms.map(({layer}) => layer);
    this.fast = network.comparison(terms);
    this.other = isTensorNetwork(network) ? new OtherImage(tf, network, terms) : null;
  }

  get parts(): readonly string[] {
    return this.layers.map((layer) => this.comparison.part(layer));
  }

  get isFast(): boolean {
    return this.fast !== null;
  }

  /** A sample's images. Throws SampleError where they cannot be compared. */
  pair(sample: SampleViews): FeaturePair {
    const made = this.pairs.get(sample) ?? networkPair(this.comparison, sample);
    this.pairs.set(sample, made);
    return made;
  }

  /** Throws SampleError where an image of a sample is too small for a layer or cannot be compared. */
  check(samples: readonly SampleViews[]): void {
    for (const sample of samples) this.layersOf(sample);
  }

  /** The tensors that `forward` takes beside the prediction's features. Throws TypeError where there is no tensor program. */
  feed(samples: readonly SampleViews[]): Record<string, Tensor> {
    const {tf, layers, other} = this;
    if (other === null) throw new TypeError(`${this.network.id} runs in no tensor program`);
    const prepared = samples.map((sample) => this.layersOf(sample));
    const sharesOf = (side: 'x' | 'y', layer: number) => {
      const positions = prepared.map((one) => (one[layer] as PreparedLayer)[side]);
      return sharesTensor(tf, positions);
    };
    const others = other.statistics(
      samples.map((sample) => this.pair(sample)),
      Object.fromEntries(layers.map((layer, i) => [layer, sharesOf('y', i)])),
    );
    const feeds: Record<string, Tensor> = {};
    layers.forEach((layer, i) => {
      feeds[this.feedName('other', layer)] = others[layer] as Tensor;
      feeds[this.feedName('factor', layer)] = tf.tensor1d(prepared.map((one) => (one[i] as PreparedLayer).factor));
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
    // First, since a model of the user's own shows its shapes as it runs.
    const numbers = await this.fast.compare(this.pair(sample));
    return this.layersOf(sample).map(({factor}, i) => (numbers[i] as number) * factor);
  }

  /** Each layer's term at every position, where it is a mean over them, times its factor. */
  async maps(sample: SampleViews): Promise<LayerMap[]> {
    const pair = this.pair(sample);
    const maps = this.fast ? await this.fast.maps(pair) : await this.tensorMaps(pair);
    return this.layersOf(sample).flatMap(({x: {height, width, mask, count}, factor}, i) => {
      const map = maps[i];
      return map
        ? [{height, width, mask, count, data: map.map((value) => value * factor), part: this.parts[i] as string}]
        : [];
    });
  }

  /** Whether every term is a mean over positions. */
  get haveMaps(): boolean {
    return this.comparison.terms.every(hasMap);
  }

  private tensorMaps(pair: FeaturePair): Promise<(Float64Array | null)[]> {
    const {tf, network} = this;
    if (!isTensorNetwork(network)) throw new TypeError(`${network.id} runs in no tensor program`);
    return tensorPositionTerms(tf, network, pair, this.comparison.terms);
  }

  /** A sample's terms as cells by column part. */
  cells(sample: SampleViews, terms: readonly number[]): Record<string, Cell> {
    const layers = this.layersOf(sample);
    const cell = (i: number): Cell => {
      const term = terms[i] as number;
      if (!Number.isNaN(term)) return term;
      const {x, y} = layers[i] as PreparedLayer;
      return {undefined: x.count * y.count === 0 ? `no valid position at ${this.layers[i]}` : 'computed NaN'};
    };
    return Object.fromEntries(this.parts.map((part, i) => [part, cell(i)]));
  }

  dispose(): void {
    this.other?.dispose();
  }

  private feedName(what: string, layer: string): string {
    return `${this.comparison.name} ${what} ${layer}`;
  }

  private layersOf(sample: SampleViews): readonly PreparedLayer[] {
    const made = this.prepared.get(sample) ?? prepareLayers(this.network, this.comparison, this.pair(sample));
    this.prepared.set(sample, made);
    return made;
  }
}
