import type {LoadedNetwork} from '../graph.js';
import {validAt} from '../receptive-field.js';
import {type FeatureShape, layerShape} from '../shapes.js';

/** The positions of a layer's activations for one image. */
export interface Positions extends FeatureShape {
  /** 1 where a position sees valid pixels only; null where all do. */
  readonly valid: Uint8Array | null;
  /** How many are valid. */
  readonly count: number;
}

/** Which positions of a network's layers count, worked out once for each mask. */
export class LayerPositions {
  readonly #known = new WeakMap<Uint8Array, Map<string, Positions>>();

  constructor(private readonly loaded: LoadedNetwork) {}

  /** Throws SampleError `too-small` where the layer has no position for an image of height × width. */
  at(layer: string, valid: Uint8Array | null, height: number, width: number): Positions {
    const shape = layerShape(this.loaded, layer, height, width);
    if (valid === null) return {...shape, valid: null, count: shape.height * shape.width};
    const ofMask = this.#known.get(valid) ?? new Map<string, Positions>();
    this.#known.set(valid, ofMask);
    let positions = ofMask.get(layer);
    if (!positions) {
      const seen = validAt(this.loaded.nodes, layer, valid, height, width);
      const count = seen.reduce((sum, one) => sum + one, 0);
      positions = {...shape, valid: count === seen.length ? null : seen, count};
      ofMask.set(layer, positions);
    }
    return positions;
  }
}
