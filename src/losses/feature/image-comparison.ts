import type {FeatureNetwork, FeaturePair, FeatureTerm} from '../network-contract.js';
import type {SampleViews} from '../sample-contract.js';
import {withoutInvalid} from './network-image.js';
import {type Positions, positionsAt} from './positions.js';

/** What a layer's term may depend on beside the activations. */
export interface LayerSizes {
  readonly channels: number;
  /** Valid positions in the prediction, and in the image it is compared with. */
  readonly positions: number;
  readonly otherPositions: number;
}

/** How a prediction is compared with another image of its sample. */
export interface ImageComparison {
  /** Unique in its loss. */
  readonly name: string;
  /** What is compared, one term a layer. */
  readonly terms: readonly FeatureTerm[];
  /** The column part of a layer's term. */
  part(layer: string): string;
  /** What the statistic is multiplied by to give the term. May throw SampleError. */
  factor(layer: string, sizes: LayerSizes): number;
  /** The prediction as x, the other image as y. May throw SampleError. */
  pair(sample: SampleViews): FeaturePair;
}

/** A layer of one sample. */
export interface PreparedLayer {
  readonly x: Positions;
  readonly y: Positions;
  readonly factor: number;
}

/** The images of a sample as the network takes them. Throws SampleError where they cannot be compared. */
export function networkPair(comparison: ImageComparison, sample: SampleViews): FeaturePair {
  const {x, y, validX, validY} = comparison.pair(sample);
  return {x: withoutInvalid(x, validX), y: withoutInvalid(y, validY), validX, validY};
}

/** The layers of a pair, in the comparison's order. Throws SampleError where an image is too small for one of them. */
export function prepareLayers(
  network: FeatureNetwork,
  {terms, factor}: ImageComparison,
  {x, y, validX, validY}: FeaturePair,
): PreparedLayer[] {
  return terms.map(({layer}) => {
    const {channels} = network.shape(layer, x.height, x.width);
    const [ofX, ofY] = [positionsAt(network, layer, x, validX), positionsAt(network, layer, y, validY)];
    return {
      x: ofX,
      y: ofY,
      factor: factor(layer, {channels, positions: ofX.count, otherPositions: ofY.count}),
    };
  });
}
