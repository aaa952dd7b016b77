import type {Raster} from '../../../src/images/raster.js';
import type {Rasters} from '../score.js';

/** One sample in plain float64 numbers, in the order of its pixels. */
export interface PlainSample {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly pred: Float64Array;
  /** Zeros where the loss has no target. */
  readonly target: Float64Array;
  /** Per pixel: the weight, 1 without that role, 0 where ignored. */
  readonly weight: Float64Array;
  /** Per pixel: 1 where ignored. */
  readonly ignored: Uint8Array;
}

/** Options of a loss as a config writes them. */
export type Options = Readonly<Record<string, unknown>>;

/** A slow float64 form of a loss, NaN where the value is undefined. */
export type ReferenceForm = (sample: PlainSample, options: Options) => number;

/** What `color`, `range` and `crop_border` make of the images, written from their definitions. */
export function plainSample(rasters: Rasters, options: Options): PlainSample {
  const border = (options.crop_border as number | undefined) ?? 0;
  const {pred, target, weight, ignore} = rasters;
  if (!pred) throw new Error('no prediction');
  const kept = keptPixels(pred, border);
  const values = (raster: Raster) => Float64Array.from(kept.flatMap((index) => pixel(raster, index, options)));
  const predValues = values(pred);
  const ignored = Uint8Array.from(kept, (index) => (ignore && ignore.data[index] !== 0 ? 1 : 0));
  return {
    height: pred.height - 2 * border,
    width: pred.width - 2 * border,
    channels: predValues.length / kept.length,
    pred: predValues,
    target: target ? values(target) : new Float64Array(predValues.length),
    weight: Float64Array.from(kept, (index, p) =>
      ignored[p] ? 0 : weight ? (weight.data[index] as number) / (weight.maximum ?? 1) : 1,
    ),
    ignored,
  };
}

/** The pixels inside the border, row by row. */
function keptPixels({height, width}: Raster, border: number): number[] {
  const kept: number[] = [];
  for (let y = border; y < height - border; y++) {
    for (let x = border; x < width - border; x++) kept.push(y * width + x);
  }
  return kept;
}

/** The channels of one pixel, in `range`, as the colour option reads them. */
function pixel({data, channels, maximum}: Raster, index: number, options: Options): number[] {
  const [low, high] = (options.range as [number, number] | undefined) ?? [0, 1];
  const stored = Array.from({length: channels}, (_, c) => data[index * channels + c] as number);
  const color = options.color ?? 'rgb';
  if (color === 'rgb') return maximum === null ? stored : stored.map((v) => low + (v / maximum) * (high - low));
  const unit = stored.map((v) => (maximum === null ? (v - low) / (high - low) : v / maximum));
  const [r = 0, g = r, b = r] = unit;
  const grey = (red: number, green: number, blue: number) => red * r + green * g + blue * b;
  const value =
    color === 'luma'
      ? grey(0.299, 0.587, 0.114)
      : color === 'luma8'
        ? Math.floor(255 * grey(0.2989360212937753, 0.5870430744511212, 0.1140209042551033) + 0.5) / 255
        : (grey(65.481, 128.553, 24.966) + 16) / 255;
  return [low + value * (high - low)];
}
