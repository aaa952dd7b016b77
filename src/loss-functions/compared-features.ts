import type {Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import {SampleError, UsageError} from '../errors.js';
import type {TensorLibrary} from '../losses/contract.js';
import {gramMatrix} from '../losses/feature/feature-statistics.js';
import type {ImageComparison, LayerSizes} from '../losses/feature/image-comparison.js';
import {type Positions, sharesTensor} from '../losses/feature/positions.js';
import {tensorTerm} from '../losses/feature/tensor-terms.js';
import type {FeatureTerm} from '../losses/network-contract.js';
import type {Features} from './feature-types.js';

/** What a loss compares: Σ weight·term. */
export interface ComparedTerms {
  readonly loss: string;
  readonly terms: readonly FeatureTerm[];
  /** By layer. */
  readonly weights: Readonly<Record<string, number>>;
  /** What a statistic is multiplied by to give its term; nothing without. */
  readonly factor?: ImageComparison['factor'] | undefined;
}

/** The features of a prediction, or of what it is compared with. */
export interface FeatureSide {
  readonly role: string;
  readonly features: Features;
  /** The positions of a layer that count, by sample; without it all do. */
  positions?(layer: string, height: number, width: number): readonly Positions[];
}

/** The sum of the terms, `[n]`. Throws UsageError where features cannot be compared. */
export function comparedFeatures(
  tf: TensorLibrary,
  {loss, terms, weights, factor}: ComparedTerms,
  prediction: FeatureSide,
  target: FeatureSide,
): Tensor1D {
  if (terms.length === 0) {
    throw new UsageError(
      'CVL-T001',
      `${loss}: there is no layer to compare: give features by layer, as {name: tensor}`,
    );
  }
  return tf.addN(
    terms.map((term) => {
      const {layer} = term;
      const x = activations(tf, loss, prediction, layer);
      const y = activations(tf, loss, target, layer);
      checkPair(loss, term, x, y);
      const [ofX, ofY] = [positionsOf(prediction, layer, x), positionsOf(target, layer, y)];
      const other: Tensor = term.statistic === 'gram' ? gramMatrix(tf, y, sharesTensor(tf, ofY)) : y;
      const statistic = tensorTerm(tf, term, x, other, sharesTensor(tf, ofX));
      const factorOf = (sizes: LayerSizes) => (factor ? checkedFactor(loss, () => factor(layer, sizes)) : 1);
      const factors = ofX.map(({count: positions}, i) => {
        const otherPositions = (ofY[i] ?? (ofY[0] as Positions)).count;
        return (weights[layer] as number) * factorOf({channels: x.shape[3], positions, otherPositions});
      });
      return tf.mul(statistic, tf.tensor1d(factors)) as Tensor1D;
    }),
  );
}

function activations(tf: TensorLibrary, loss: string, {role, features}: FeatureSide, layer: string): Tensor4D {
  const given = Object.hasOwn(features, layer) ? features[layer] : undefined;
  if (!(given instanceof tf.Tensor)) {
    throw new UsageError('CVL-T001', `${loss}: expected a tensor of ${layer} among the features of ${role}`);
  }
  if (given.rank === 4) return given as Tensor4D;
  if (given.rank === 3) return tf.expandDims(given, 0);
  throw new UsageError(
    'CVL-T001',
    `${loss}: expected ${layer} of ${role} of shape [n, h, w, c] or [h, w, c], got [${given.shape.join(', ')}]`,
  );
}

function checkPair(loss: string, term: FeatureTerm, x: Tensor4D, y: Tensor4D): void {
  const axes = term.statistic === 'gram' ? [3] : [1, 2, 3];
  const fits = axes.every((axis) => x.shape[axis] === y.shape[axis]) && [1, x.shape[0]].includes(y.shape[0]);
  if (!fits) {
    throw new UsageError(
      'CVL-T001',
      `${loss}: ${term.layer} has the shape [${x.shape.join(', ')}] of the prediction and [${y.shape.join(', ')}] of what it is compared with`,
    );
  }
  const learnt =
    term.statistic === 'lpips' ? [term.weights] : term.statistic === 'dists' ? [term.alpha, term.beta] : [];
  const wrong = learnt.find(({length}) => length !== x.shape[3]);
  if (wrong) {
    throw new UsageError(
      'CVL-T001',
      `${loss}: ${term.layer} has ${x.shape[3]} channels, its channel_weights are ${wrong.length}`,
    );
  }
}

/** A factor. Throws UsageError where it has none for features of two sizes: to a caller, they are a mistake as another shape is. */
function checkedFactor(loss: string, factor: () => number): number {
  try {
    return factor();
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
    throw new UsageError('CVL-T001', `${loss}: ${error.message}`, {cause: error});
  }
}

function positionsOf({positions}: FeatureSide, layer: string, {shape}: Tensor4D): readonly Positions[] {
  const [n, height, width] = shape;
  return (
    positions?.(layer, height, width) ??
    Array.from({length: n}, () => ({height, width, count: height * width, mask: null}))
  );
}
