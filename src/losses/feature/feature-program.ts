import type {Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import {isSampleError} from '../../errors.js';
import type {LossInstance, TensorLibrary} from '../contract.js';
import type {TensorNetwork} from '../network-contract.js';
import type {Batch, SampleViews} from '../sample-contract.js';
import type {ComparedLayers} from './compared-layers.js';
import type {FeatureLossParts} from './feature-loss.js';
import {fillImage} from './network-image.js';

/** A term of a feature loss that compares no features: the value of a loss of one column, in both its forms. */
export interface OwnTerm {
  readonly part: string;
  readonly loss: LossInstance;
  /** What its value is multiplied by; 1 without. */
  factor?(sample: SampleViews): number;
  /** Why it is NaN, where that is known. */
  undefinedReason?(sample: SampleViews): string | null;
}

type Feeds = Record<string, Tensor>;

/** What a term takes beside the activations that it compares, in copies of them. */
const COPIES = 5;

const OWN_FACTOR = 'own factor';

/** The tensor program of a feature loss, up to its sums. */
export class FeatureProgram {
  private readonly layers: readonly string[];

  constructor(
    private readonly tf: TensorLibrary,
    private readonly parts: FeatureLossParts & {readonly network: TensorNetwork},
    private readonly comparisons: readonly ComparedLayers[],
  ) {
    this.layers = parts.network.layers.filter((layer) => comparisons.some((one) => one.layers.includes(layer)));
  }

  /** The feeds of a batch: `made` are the caller's to dispose, `kept` belong to the batch. */
  feeds(batch: Batch): {readonly kept: Feeds; readonly made: Feeds} {
    const {tf, comparisons} = this;
    const {own, image} = this.parts;
    const {samples} = batch;
    // Before any tensor is made, so that a sample that makes no sense leaves none behind.
    for (const one of comparisons) one.check(samples);
    const kept: Feeds = {...own?.loss.program?.feed(batch)};
    if (!image) kept.image = this.predictions(batch);
    const made = tf.tidy((): Feeds => {
      const factors = own?.factor && samples.map((sample) => own.factor?.(sample) ?? 1);
      return Object.assign(
        {},
        ...comparisons.map((one) => one.feed(samples)),
        factors && {[OWN_FACTOR]: tf.tensor1d(factors)},
      );
    });
    return {kept, made};
  }

  /** Every column that is no sum, `[n]`. */
  forward(feeds: Feeds): Record<string, Tensor1D> {
    const {tf, layers, comparisons} = this;
    const {own, network, image} = this.parts;
    const columns: Record<string, Tensor1D> = {};
    if (own) {
      const value = own.loss.program?.forward(feeds)[''] as Tensor1D;
      const factor = feeds[OWN_FACTOR];
      columns[own.part] = factor ? tf.mul(value, factor) : value;
    }
    const features = network.features(image ? image(feeds) : (feeds.image as Tensor4D), layers);
    return Object.assign(columns, ...comparisons.map((one) => one.forward(features, feeds)));
  }

  /** Bytes of tensors for one sample of this size. */
  memory(height: number, width: number): number {
    const {layers, comparisons} = this;
    const held = (1 + comparisons.length) * this.parts.network.memory(layers, height, width);
    return held + COPIES * Math.max(...layers.map((layer) => this.bytesAt(layer, height, width)));
  }

  /** Bytes of a layer's activations; 0 where the image is too small for it, which its row will say. */
  private bytesAt(layer: string, height: number, width: number): number {
    try {
      const shape = this.parts.network.shape(layer, height, width);
      return 4 * shape.channels * shape.height * shape.width;
    } catch (error) {
      if (isSampleError(error)) return 0;
      throw error;
    }
  }

  private predictions(batch: Batch): Tensor4D {
    const [first] = this.comparisons as [ComparedLayers];
    const {channels} = first.pair(batch.samples[0] as SampleViews).x;
    return batch.fill('image', channels, (sample, out) => {
      const {x, validX} = first.pair(sample);
      fillImage(x, validX, out);
    });
  }
}
