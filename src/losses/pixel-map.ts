import type {SampleViews} from './sample-contract.js';

/** A loss at every pixel of one sample, row-major, channels averaged. */
export interface PixelMap {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** Length h·w; NaN where a pixel does not count. In the units of the loss, not scaled for show. */
  readonly values: Float64Array;
  /** What each pixel weighs in the mean, length h·w; null where all that count weigh the same. */
  readonly weights: ArrayLike<number> | null;
}

/** What a map comes to over the pixels that count. */
export interface MapTotals {
  /** Σ w·v / Σ w; NaN where nothing counts. */
  readonly mean: number;
  /** Σ w·v. */
  readonly sum: number;
}

/** How a loss is drawn over the image. */
export interface LossMap {
  /** What its values are, for the legend: `squared error`. */
  readonly shows: string;
  /** Which values are better, for the colours. */
  readonly better: 'lower' | 'higher';
  /**
   * The row's value from the map's totals, within 1e-5: of most losses their mean. Left out where the value does not
   * follow from a sum over pixels (a quotient of counts, a standard deviation).
   */
  value?(totals: MapTotals): number;
  /**
   * The map of a sample, of the size that the loss sees (after `crop_border`), computed in float64 on the CPU. Throws
   * SampleError where the sample makes no sense, as scoring it does.
   */
  of(sample: SampleViews): PixelMap | Promise<PixelMap>;
}

/** The row's value where it is the mean of the map. */
export const meanOfMap = ({mean}: MapTotals): number => mean;

/** Sums a map over the pixels that count: not NaN, and of a weight above 0. */
export function mapTotals({values, weights}: PixelMap): MapTotals {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights === null ? 1 : (weights[i] as number);
    const value = values[i] as number;
    if (weight === 0 || Number.isNaN(value)) continue;
    sum += weight * value;
    total += weight;
  }
  return {mean: sum / total, sum};
}

/**
 * A map from what each pixel adds to the value: multiplied by their number, so that the mean over the pixels that count
 * is the value. NaN where `counts` says no.
 */
export function mapOfShares(
  shape: {readonly height: number; readonly width: number},
  shares: Float64Array,
  counts: (pixel: number) => boolean,
): PixelMap {
  let counted = 0;
  for (let i = 0; i < shares.length; i++) if (counts(i)) counted++;
  const values = shares.map((share, i) => (counts(i) ? share * counted : Number.NaN));
  return {height: shape.height, width: shape.width, values, weights: null};
}
