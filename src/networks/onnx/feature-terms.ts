import type {FeatureTerm} from '../fast-executor.js';
import type {FeatureShape} from '../shapes.js';
import {Distances} from './distances.js';
import {GramMatrices} from './gram-matrices.js';
import type {LayerStatistics} from './image-statistics.js';
import type {Positions} from './positions.js';
import type {OnnxRuntime} from './runtime.js';
import {statisticOf} from './statistic.js';

/** One image's activations at a layer. */
interface Activations extends FeatureShape {
  /** `[c, h, w]`, row-major: the data of a tensor `[1, c, h, w]` as they are. */
  readonly values: Float32Array;
  /** 1 where a position counts; null where all do. */
  readonly valid: Uint8Array | null;
}

/** Activations by layer. */
export type LayerActivations = ReadonlyMap<string, Activations>;

/** The terms of comparisons, from activations that are there already: the bits of those that an executor gives. */
export class FeatureTerms {
  readonly #grams: GramMatrices;
  readonly #distances: Distances;

  constructor(runtime: OnnxRuntime, threads: number) {
    this.#grams = new GramMatrices(runtime, threads);
    this.#distances = new Distances(runtime, threads);
  }

  /**
   * What the terms need of one image; take it once for an image that many are compared with. The arrays stay the caller's.
   * Throws RangeError where a term's layer is missing, SampleError `out-of-memory`.
   */
  async statistics(terms: readonly FeatureTerm[], activations: LayerActivations): Promise<LayerStatistics> {
    const features = new Map<string, Float32Array>();
    const grams = new Map<string, Float64Array>();
    const positions = new Map<string, Positions>();
    for (const {layer, statistic} of terms.map(statisticOf)) {
      const at = activations.get(layer);
      if (!at) throw new RangeError(`no activations of layer '${layer}'`);
      positions.set(layer, positionsOf(at));
      if (statistic === 'features') features.set(layer, at.values);
      else if (!grams.has(layer)) grams.set(layer, await this.#grams.of(at.values, positionsOf(at)));
    }
    return {features, grams, positions};
  }

  /**
   * One number for each term, in their order; NaN where no position is valid.
   * Throws RangeError where the shapes of a layer differ and the term needs them to be equal.
   */
  async compare(terms: readonly FeatureTerm[], x: LayerStatistics, y: LayerStatistics): Promise<number[]> {
    const values: number[] = [];
    for (const term of terms) values.push(await this.#distances.of(term, x, y));
    return values;
  }

  /** Frees the runtime's sessions. */
  async close(): Promise<void> {
    await this.#grams.close();
    await this.#distances.close();
  }
}

/** Activations `[h, w, c]`, as a tensor library has them, as `[c, h, w]`. */
export function channelsFirst(values: Float32Array, {channels, height, width}: FeatureShape): Float32Array {
  const positions = height * width;
  const planes = new Float32Array(values.length);
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < positions; p++) planes[c * positions + p] = values[p * channels + c] as number;
  }
  return planes;
}

function positionsOf({channels, height, width, valid}: Activations): Positions {
  const count = valid ? valid.reduce((sum, one) => sum + one, 0) : height * width;
  return {channels, height, width, valid, count};
}
