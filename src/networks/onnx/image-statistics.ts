import type {View} from '../../kernels/view.js';
import type {Positions} from './positions.js';

/** An image, and which of its pixels count. Two are the same when they are the same objects read the same way. */
export interface ImageInput {
  readonly view: View;
  /** null where every pixel counts. */
  readonly valid: Uint8Array | null;
}

/** What a network made of one image, by layer. */
export interface LayerStatistics {
  /** Activations `[c, h', w']`. */
  readonly features: ReadonlyMap<string, Float32Array>;
  /** Gram matrices `[c, c]`, the sum over valid positions. */
  readonly grams: ReadonlyMap<string, Float64Array>;
  readonly positions: ReadonlyMap<string, Positions>;
}

/** An image, and what the network made of it. */
export interface ImageStatistics extends ImageInput, LayerStatistics {}

/** Whether two images are the same. */
export function isSameImage(a: ImageInput, b: ImageInput): boolean {
  return (
    a.view.data === b.view.data &&
    a.valid === b.valid &&
    (['scale', 'offset', 'height', 'width', 'channels'] as const).every((key) => a.view[key] === b.view[key])
  );
}

/** Bytes of an image's activations; its Gram matrices are small beside them. */
export function featureBytes({features}: ImageStatistics): number {
  return [...features.values()].reduce((sum, values) => sum + values.byteLength, 0);
}
