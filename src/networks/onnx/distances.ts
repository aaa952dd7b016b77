import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {meanSquaredDifference} from '../../kernels/activations.js';
import {meansAndVariations} from '../../kernels/means-and-variations.js';
import {squaredDifferences, unitDifferences} from '../../kernels/position-terms.js';
import type {DistsStatistic, FeatureTerm} from '../fast-executor.js';
import type {LayerStatistics} from './image-statistics.js';
import {ElementType, type OnnxGraph} from './model.js';
import type {Positions} from './positions.js';
import type {OnnxRuntime} from './runtime.js';
import {openSession, runInto} from './session.js';
import {unitDifference} from './unit-difference.js';

/** Keeps DISTS's fractions from 0/0. */
const DISTS_EPSILON = 1e-6;

/** The distances of two images' statistics. */
export class Distances {
  #squares: Promise<InferenceSession> | null = null;
  #maskedSquares: Promise<InferenceSession> | null = null;

  constructor(
    /** Null where it is not there: differences are computed without it then. */
    private readonly runtime: OnnxRuntime | null,
    private readonly threads: number,
  ) {}

  /** A term of two images. Throws RangeError where the layer's shapes differ and the term needs them to be equal. */
  async of(term: FeatureTerm, x: LayerStatistics, y: LayerStatistics): Promise<number> {
    const {layer} = term;
    const activations = ({features}: LayerStatistics) => features.get(layer) as Float32Array;
    switch (term.statistic) {
      case 'difference':
        return this.difference(x, y, layer);
      case 'gram':
        return this.gram(x, y, layer);
      case 'lpips':
        return unitDifference(activations(x), activations(y), term.weights, jointPositions(x, y, layer));
      case 'dists':
        return wholeMaps(activations(x), activations(y), term, jointPositions(x, y, layer));
    }
  }

  /** A term at every position; null where it is no mean over positions. Throws as `of`. */
  map(term: FeatureTerm, x: LayerStatistics, y: LayerStatistics): Float64Array | null {
    if (term.statistic === 'gram' || term.statistic === 'dists') return null;
    const {height, width} = jointPositions(x, y, term.layer);
    const activations = ({features}: LayerStatistics) => features.get(term.layer) as Float32Array;
    const pair = {x: activations(x), y: activations(y), positions: height * width};
    return term.statistic === 'lpips' ? unitDifferences(pair, term.weights) : squaredDifferences(pair);
  }

  /**
   * Mean over channels and valid positions of (F − A)²; a position is valid where it is so in both images. NaN where
   * none is. Each row's sum is float32 (float64 without ONNX Runtime), their sum float64.
   * Throws RangeError when the layer's shapes differ.
   */
  async difference(x: LayerStatistics, y: LayerStatistics, layer: string): Promise<number> {
    const {runtime} = this;
    const positions = jointPositions(x, y, layer);
    const {channels, height, width, valid, count} = positions;
    if (count === 0) return Number.NaN;
    const [ofX, ofY] = [x, y].map(({features}) => features.get(layer)) as [Float32Array, Float32Array];
    if (runtime === null) return meanSquaredDifference(ofX, ofY, positions);
    const rows = new Float32Array(channels * height);
    const tensor = (values: Float32Array, shape: readonly number[]) => new runtime.Tensor('float32', values, shape);
    const inputs: Record<string, Tensor> = {
      x: tensor(ofX, [channels, height, width]),
      y: tensor(ofY, [channels, height, width]),
    };
    if (valid) inputs.mask = new runtime.Tensor('bool', valid, [1, height, width]);
    await runInto(await this.#session(runtime, valid !== null), inputs, {rows: tensor(rows, [channels, height])});
    return rows.reduce((sum, row) => sum + row, 0) / (channels * count);
  }

  /** Σ_ij (G_ij/M_x − A_ij/M_y)² in float64, M the number of valid positions. NaN where an image has none. */
  gram(x: LayerStatistics, y: LayerStatistics, layer: string): number {
    const gram = x.grams.get(layer) as Float64Array;
    const other = y.grams.get(layer) as Float64Array;
    const count = (x.positions.get(layer) as Positions).count;
    const otherCount = (y.positions.get(layer) as Positions).count;
    if (count === 0 || otherCount === 0) return Number.NaN;
    let sum = 0;
    for (let i = 0; i < gram.length; i++) sum += ((gram[i] as number) / count - (other[i] as number) / otherCount) ** 2;
    return sum;
  }

  async close(): Promise<void> {
    const sessions = [this.#squares, this.#maskedSquares];
    this.#squares = null;
    this.#maskedSquares = null;
    for (const session of sessions) await (await session)?.release();
  }

  #session(runtime: OnnxRuntime, masked: boolean): Promise<InferenceSession> {
    if (masked) {
      this.#maskedSquares ??= openSession(runtime, this.threads, squaresGraph(true));
      return this.#maskedSquares;
    }
    this.#squares ??= openSession(runtime, this.threads, squaresGraph(false));
    return this.#squares;
  }
}

/** Σ over each row of (x − y)², of activations `[c, h, w]`: `[c, h]`. */
function squaresGraph(masked: boolean): OnnxGraph {
  const images = (['x', 'y'] as const).map((name) => ({
    name,
    element: ElementType.float32,
    shape: ['channels', 'height', 'width'],
  }));
  const mask = {name: 'mask', element: ElementType.bool, shape: [1, 'height', 'width']};
  const summed = masked ? 'counted' : 'squares';
  return {
    inputs: masked ? [...images, mask] : images,
    nodes: [
      {operator: 'Sub', inputs: ['x', 'y'], output: 'differences'},
      {operator: 'Mul', inputs: ['differences', 'differences'], output: 'squares'},
      ...(masked ? [{operator: 'Where', inputs: ['mask', 'squares', 'zero'], output: summed}] : []),
      {operator: 'ReduceSum', inputs: [summed, 'last axis'], output: 'rows', attributes: {keepdims: 0}},
    ],
    outputs: [{name: 'rows', element: ElementType.float32}],
    constants: [{name: 'last axis', integers: [2]}, ...(masked ? [{name: 'zero', number: 0}] : [])],
  };
}

/** DISTS's term; NaN where a position is not valid: it counts whole images. */
function wholeMaps(x: Float32Array, y: Float32Array, {alpha, beta}: DistsStatistic, at: Positions): number {
  const positions = at.height * at.width;
  if (at.count !== positions) return Number.NaN;
  return meansAndVariations({x, y, positions}, {alpha, beta, epsilon: DISTS_EPSILON});
}

/** The positions of a layer that are valid in both images. Throws RangeError when its shapes differ. */
function jointPositions(x: LayerStatistics, y: LayerStatistics, layer: string): Positions {
  const at = x.positions.get(layer) as Positions;
  const other = y.positions.get(layer) as Positions;
  const {channels, height, width} = at;
  if (height !== other.height || width !== other.width) {
    throw new RangeError(
      `difference at ${layer}: activations are ${height}×${width} and ${other.height}×${other.width}, expected equal sizes`,
    );
  }
  const valid = inBoth(at.valid, other.valid);
  const count = valid ? valid.reduce((sum, one) => sum + one, 0) : height * width;
  return {channels, height, width, valid, count};
}

function inBoth(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  if (a === null || b === null || a === b) return a ?? b;
  return a.map((one, i) => one & (b[i] as number));
}
