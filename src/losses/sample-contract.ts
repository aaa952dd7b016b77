import type * as tfjs from '@tensorflow/tfjs-core';
import type {Elements} from '../kernels/elements.js';
import type {View} from '../kernels/view.js';

/**
 * How a role's file is read. `pixels`: integers divided by their type's maximum, floats as they are.
 * `scores`: the same, no colour conversion. `labels` and `instances`: ids, never scaled, palette indices for
 * palette PNGs. `weights`: as pixels, one channel. `mask`: ids where the file holds one integer a pixel (read as labels;
 * `scale` makes a probability of it), else scores.
 */
export type Reading = 'pixels' | 'labels' | 'scores' | 'instances' | 'weights' | 'mask';

/** What a loss does to its images before its formula; the run applies it, and losses with the same view share the work. */
export interface ViewOptions {
  /** `rgb`: as stored; else a luminance, of which kind `docs/losses.md` says. */
  readonly color: 'rgb' | 'luma' | 'luma8' | 'ycbcr-y';
  /** The interval that an integer file's 0 and maximum are mapped to. */
  readonly range: readonly [number, number];
  /** Pixels cut off at each side, of every role. */
  readonly cropBorder: number;
}

/** One sample as a loss sees it. */
export interface SampleViews {
  /** Its key in reports. */
  readonly key: string;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** Whether it has an image of that role. */
  has(role: string): boolean;
  /** The role's image under the loss's reading and view. Throws SampleError when it cannot be read so. */
  view(role: string): View;
  /** The role's image resampled (antialiased) to height × width of the sample; the view itself where it has that size. */
  resized(role: string): View;
  /** `weight` of every pixel, 0 where `ignore` is set; null when neither role is supplied. Length h·w. */
  weights(): Float32Array | null;
  /** 1 where `ignore` is not set; null when the role is not supplied. Length h·w. */
  valid(): Uint8Array | null;
}

/**
 * A sample whose images memory does not hold: their elements are read a stretch at a time, from top to bottom as often as
 * is needed. Every pixel counts, and alike.
 */
export interface StoredSample extends Pick<SampleViews, 'key' | 'height' | 'width' | 'has'> {
  view(role: string): View<Elements>;
  weights(): null;
  valid(): null;
}

/** Samples of equal shape. Tensors are float32, made on first use and disposed by the run. */
export interface Batch {
  /** Its samples, in the order of the tensors' first dimension. */
  readonly samples: readonly SampleViews[];
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** Whether the samples have an image of that role. */
  has(role: string): boolean;
  /** `[n, h, w, c]` of a role. */
  tensor(role: string): tfjs.Tensor4D;
  /** pred − target as `[n, h, w, c]`, subtracted in float64 and rounded once (16-bit neighbours differ by less than float32 resolves near 1). */
  difference(): tfjs.Tensor4D;
  /** `[n, h, w, 1]` of `SampleViews.weights`; null when no role supplies them. */
  weights(): tfjs.Tensor4D | null;
  /** `[n, h, w, 1]` of `SampleViews.valid`; null when the role is not supplied. */
  valid(): tfjs.Tensor4D | null;
  /**
   * A tensor of the loss's own, `[n, h, w, channels]`, filled sample by sample; kept under `name` for the batch.
   * `through` makes the same of the tensors of its roles, differentiable; a batch of tensors takes that in place of `fill`.
   */
  fill(
    name: string,
    channels: number,
    fill: (sample: SampleViews, out: Float32Array) => void,
    through?: () => tfjs.Tensor4D,
  ): tfjs.Tensor4D;
}
