import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {UsageError} from '../../errors.js';
import {dotProducts} from '../../kernels/row-products.js';
import {singularFactors} from '../../kernels/singular-values.js';
import {sumOf} from '../../statistics/sum.js';
import type {TensorLibrary} from '../contract.js';
import type {DatasetProgram} from '../dataset-contract.js';
import {type Moments, momentsOf, scaledRows} from './moments.js';
import {normalizeOption} from './options.js';
import {unitRows} from './tensor-distances.js';

/** The options of the Fréchet distance, as a config writes them. */
export const frechetOptions = z.strictObject({normalize: normalizeOption.normalize.default(false)});

/**
 * The Fréchet distance of two sets as a tensor program: feeds `real` `[n, d]` and `fake` `[m, d]`, n, m ≥ 2. Vectors are read
 * back; value and gradient are computed in float64.
 *
 * With centred rows A over √(n − 1), Σ = AᵀA, the gradient by A is 2A(I − T), T = F₂ᵀ(F₂ΣF₂ᵀ)^(-½)F₂ the map that takes the one
 * normal distribution to the other. Directions that a set does not have get none.
 *
 * Source: Mathiasen and Hvilshøj, Backpropagating through Fréchet inception distance, 2020 (arXiv 2009.14075); for T, Dowson
 * and Landau 1982.
 */
export function frechetProgram(tf: TensorLibrary, {normalize}: z.output<typeof frechetOptions>): DatasetProgram {
  return ({real, fake}) => {
    const distance = tf.customGrad((...given) => {
      const [x, y] = [given[0] as Tensor2D, given[1] as Tensor2D];
      const {value, gradients} = distanceOf(setOf(x), setOf(y));
      const by = (slope: Scalar, gradient: Float32Array, {shape}: Tensor2D) =>
        tf.mul(slope, tf.tensor2d(gradient, shape));
      return {
        value: tf.scalar(value),
        gradFunc: (slope: Scalar) => {
          const [ofX, ofY] = gradients();
          return [by(slope, ofX, x), by(slope, ofY, y)];
        },
      };
    });
    const [x, y] = [real as Tensor2D, fake as Tensor2D];
    checkSets(x, y);
    const rows = (vectors: Tensor2D) => (normalize ? unitRows(tf, vectors) : vectors);
    return {'': distance(rows(x), rows(y))};
  };
}

/** Throws UsageError for what are no two sets of vectors of one dimension. */
function checkSets(x: Tensor2D, y: Tensor2D): void {
  if (x.rank === 2 && y.rank === 2 && x.shape[1] === y.shape[1] && x.shape[0] > 1 && y.shape[0] > 1) return;
  throw new UsageError(
    'CVL-T001',
    `frechet-distance: expected real [n, d] and fake [m, d] of two vectors or more, got [${x.shape.join(', ')}] and [${y.shape.join(', ')}]`,
  );
}

/** A set and its moments. */
interface VectorSet extends Moments {
  /** Its rows less their mean, over √(n − 1). */
  readonly centred: Float64Array;
  readonly count: number;
  readonly dimensions: number;
}

function setOf(vectors: Tensor2D): VectorSet {
  const [count, dimensions] = vectors.shape;
  const scaled = scaledRows({values: Float64Array.from(vectors.dataSync()), dimensions, first: 0, count});
  return {count, dimensions, centred: scaled.values, ...momentsOf(scaled)};
}

function distanceOf(x: VectorSet, y: VectorSet): {value: number; gradients(): readonly [Float32Array, Float32Array]} {
  const {dimensions} = x;
  const product = new Float64Array(x.factor.rank * y.factor.rank);
  dotProducts(rowsOf(x.factor.values, dimensions), rowsOf(y.factor.values, dimensions), product);
  const {count, values, left, right} = singularFactors(product, x.factor.rank, y.factor.rank);
  const mean = sumOf(dimensions, (k) => ((x.mean[k] as number) - (y.mean[k] as number)) ** 2);
  const root = sumOf(count, (i) => values[i] as number);
  return {
    value: mean + Math.max(0, x.trace + y.trace - 2 * root),
    // What takes x to y is made of y's factor, and the other way round.
    gradients: () => [gradientOf(x, y, halfMap(y, values, right)), gradientOf(y, x, halfMap(x, values, left))],
  };
}

/** H `[r, d]` with HᵀH = T. */
function halfMap({factor, dimensions}: VectorSet, values: Float64Array, directions: Float64Array): Float64Array {
  const half = new Float64Array(values.length * dimensions);
  for (let i = 0; i < values.length; i++) {
    const scale = 1 / Math.sqrt(values[i] as number);
    for (let j = 0; j < factor.rank; j++) {
      const weight = scale * (directions[i * factor.rank + j] as number);
      for (let k = 0; k < dimensions; k++) {
        half[i * dimensions + k] =
          (half[i * dimensions + k] as number) + weight * (factor.values[j * dimensions + k] as number);
      }
    }
  }
  return half;
}

/** The gradient by the rows of x, `[n, d]`. */
function gradientOf(x: VectorSet, y: VectorSet, half: Float64Array): Float32Array {
  const {count, dimensions, centred, mean} = x;
  const rank = half.length / dimensions;
  const mapped = new Float64Array(count * rank);
  dotProducts(rowsOf(centred, dimensions), rowsOf(half, dimensions), mapped);
  return Float32Array.from(centred, (value, at) => {
    const [i, k] = [Math.floor(at / dimensions), at % dimensions];
    let moved = 0;
    for (let j = 0; j < rank; j++) moved += (mapped[i * rank + j] as number) * (half[j * dimensions + k] as number);
    const ofMean = (2 / count) * ((mean[k] as number) - (y.mean[k] as number));
    return (2 * (value - moved)) / Math.sqrt(count - 1) + ofMean;
  });
}

function rowsOf(values: Float64Array, dimensions: number) {
  return {values, dimensions, first: 0, count: values.length / dimensions};
}
