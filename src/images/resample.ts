import type {PixelData} from '../kernels/view.js';
import type {Raster} from './raster.js';

/** The name of the resampler, for reports. */
export const RESAMPLER = 'bicubic';

/**
 * Resamples to another size with an antialiased bicubic filter (a = −0.5, widened by the scale when shrinking),
 * separably, in float64; Pillow's `BICUBIC` gives the same values. The depth is kept: integers are rounded half
 * up and clamped to their type. Reference: Keys 1981, Cubic convolution interpolation.
 */
export function resample(raster: Raster, height: number, width: number): Raster {
  const {channels, maximum} = raster;
  const across = filterRows(raster.data, raster.height, raster.width, channels, width);
  // Columns are rows of one pixel each when a whole line counts as the pixel.
  const values = filterRows(across, 1, raster.height, width * channels, height);
  const data = new (raster.data.constructor as new (length: number) => PixelData)(values.length);
  const lowest = data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array ? -1 : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    data[i] = maximum === null ? value : Math.min(maximum, Math.max(lowest * (maximum + 1), Math.floor(value + 0.5)));
  }
  return {data, height, width, channels, maximum};
}

/** Keys' cubic with a = −0.5; 0 from 2 on. */
function cubic(distance: number): number {
  const d = Math.abs(distance);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  if (d < 2) return ((-0.5 * d + 2.5) * d - 4) * d + 2;
  return 0;
}

/** The inputs that an output takes, from `from` on, and their weights, which sum to 1. */
interface Tap {
  readonly from: number;
  readonly weights: readonly number[];
}

function taps(input: number, output: number): Tap[] {
  const scale = input / output;
  const widened = Math.max(1, scale);
  return Array.from({length: output}, (_, i) => {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.floor(centre - 2 * widened + 0.5));
    const to = Math.min(input, Math.floor(centre + 2 * widened + 0.5));
    const raw = Array.from({length: to - from}, (_, k) => cubic((from + k + 0.5 - centre) / widened));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return {from, weights: raw.map((weight) => weight / sum)};
  });
}

function filterRows(data: PixelData, height: number, width: number, channels: number, newWidth: number): Float64Array {
  const columns = taps(width, newWidth);
  const out = new Float64Array(height * newWidth * channels);
  for (let y = 0; y < height; y++) {
    columns.forEach(({from, weights}, x) => {
      const to = (y * newWidth + x) * channels;
      for (let k = 0; k < weights.length; k++) {
        const weight = weights[k] as number;
        const at = (y * width + from + k) * channels;
        for (let c = 0; c < channels; c++) out[to + c] = (out[to + c] as number) + weight * (data[at + c] as number);
      }
    });
  }
  return out;
}
