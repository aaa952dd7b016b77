import {SampleError} from '../../errors.js';
import type {LayerMap} from '../../models/layer-map.js';
import type {LayeredModel} from '../../models/layers.js';
import type {ImageExtractor} from '../../networks/onnx/extractor.js';
import type {GramMatrices} from '../../networks/onnx/gram-matrices.js';
import type {ImageInput, ImageStatistics} from '../../networks/onnx/image-statistics.js';
import type {Positions} from '../../networks/onnx/positions.js';
import type {Statistic} from '../../networks/onnx/statistic.js';
import {modelImage} from './model-image.js';

/** The shape of a layer for images of a size. */
type Shape = Omit<LayerMap, 'values'>;

/** Puts images through a model of the user's own, one at a time, and remembers the shapes that came. */
export class ModelExtractor implements ImageExtractor {
  passes = 0;
  readonly #shapes = new Map<string, Shape>();
  readonly #seconds = new Map<string, number>();
  /** Which positions of layers see valid pixels only, by mask. */
  readonly #seen = new WeakMap<Uint8Array, Map<string, Uint8Array>>();

  constructor(
    private readonly model: LayeredModel,
    private readonly grams: GramMatrices,
  ) {}

  /** Whether an image of this size was extracted. */
  knows(layer: string, height: number, width: number): boolean {
    return this.#shapes.has(sizeKey(layer, height, width));
  }

  /** How long the last image of this size took. */
  secondsAt(height: number, width: number): number {
    return this.#seconds.get(`${height}×${width}`) ?? 0;
  }

  /** Where a layer has values that see valid pixels only. Throws as `shape` and `validAt` do. */
  positions(layer: string, valid: Uint8Array | null, height: number, width: number): Positions {
    return positionsOf(this.shape(layer, height, width), valid && this.validAt(layer, valid, height, width));
  }

  /** Throws TypeError where no image of this size was extracted. */
  shape(layer: string, height: number, width: number): Shape {
    const shape = this.#shapes.get(sizeKey(layer, height, width));
    if (!shape) throw new TypeError(`no image of ${height}×${width} has passed ${this.model.name} yet`);
    return shape;
  }

  /**
   * 1 where no pixel that a position sees is ignored; worked out once for each mask. Throws SampleError `ignore` where
   * that is not known.
   */
  validAt(layer: string, valid: Uint8Array, height: number, width: number): Uint8Array {
    const known = this.#seen.get(valid) ?? new Map<string, Uint8Array>();
    this.#seen.set(valid, known);
    const seen = known.get(layer) ?? this.#seenOnly(layer, valid, height, width);
    known.set(layer, seen);
    return seen;
  }

  #seenOnly(layer: string, valid: Uint8Array, height: number, width: number): Uint8Array {
    const shape = this.shape(layer, height, width);
    if (!valid.includes(0)) return new Uint8Array(shape.height * shape.width).fill(1);
    const seen = this.model.seenOnly(layer, {data: valid, height, width});
    if (seen.height === shape.height && seen.width === shape.width) return seen.data;
    throw new SampleError(
      'ignore',
      `which pixels ${this.model.name}'s ${layer} sees is not known: it has ${shape.height}×${shape.width} positions, by its operators ${seen.height}×${seen.width}`,
    );
  }

  async extract(image: ImageInput, statistics: readonly Statistic[]): Promise<ImageStatistics> {
    const {view, valid} = image;
    const {height, width} = view;
    this.passes++;
    const layers = [...new Set(statistics.map(({layer}) => layer))];
    const started = performance.now();
    const maps = await this.model.run(modelImage(view, this.model.input), layers);
    this.#seconds.set(`${height}×${width}`, (performance.now() - started) / 1000);
    const positions = new Map<string, Positions>();
    for (const [layer, {channels, height: h, width: w}] of maps) {
      this.#shapes.set(sizeKey(layer, height, width), {channels, height: h, width: w});
      positions.set(layer, this.positions(layer, valid, height, width));
    }
    const features = new Map<string, Float32Array>();
    const grams = new Map<string, Float64Array>();
    for (const {layer, statistic} of statistics) {
      const {values} = maps.get(layer) as LayerMap;
      if (statistic === 'features') features.set(layer, values);
      else grams.set(layer, await this.grams.of(values, positions.get(layer) as Positions));
    }
    return {...image, features, grams, positions};
  }

  async keepOnly(): Promise<void> {}

  async close(): Promise<void> {
    await this.grams.close();
    await this.model.close();
  }
}

function sizeKey(layer: string, height: number, width: number): string {
  return `${height}×${width} ${layer}`;
}

function positionsOf({channels, height, width}: Shape, seen: Uint8Array | null): Positions {
  const count = seen ? seen.reduce((sum, one) => sum + one, 0) : height * width;
  return {channels, height, width, valid: count === height * width ? null : seen, count};
}
