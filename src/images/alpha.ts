import {SampleError} from '../errors.js';
import type {PixelData} from '../kernels/view.js';
import type {Raster} from './raster.js';
import {type Reading, readsIds} from './reading.js';

/** `error` refuses an alpha channel that is not opaque, `drop` ignores it, `blend` lays the image over a colour (0..255 each). */
export type AlphaPolicy = 'error' | 'drop' | {readonly blend: readonly [number, number, number]};

/**
 * Takes the last channel, an alpha, away. An opaque one goes whatever the policy.
 * Blending: colour + (value − colour)·alpha/maximum, rounded half up to the stored integer; floats, whose maximum
 * counts as 1, stay float. Grey over a colour that is not grey becomes RGB. Throws SampleError `alpha`.
 */
export function resolveAlpha(raster: Raster, reading: Reading, policy: AlphaPolicy, path: string): Raster {
  if (isOpaque(raster.data, raster.channels, raster.maximum ?? 1) || policy === 'drop') return withoutAlpha(raster);
  if (policy === 'error') throw transparent(path);
  if (readsIds(reading)) {
    throw new SampleError('alpha', `${path}: blending would change the ids of ${reading}; set image.alpha to drop`);
  }
  return blend(raster, policy.blend);
}

/** Throws SampleError `alpha` unless the last of every pixel's channels is the maximum. */
export function checkOpaque(data: PixelData, channels: number, maximum: number, path: string): void {
  if (!isOpaque(data, channels, maximum)) throw transparent(path);
}

function isOpaque(data: PixelData, channels: number, maximum: number): boolean {
  for (let i = channels - 1; i < data.length; i += channels) if (data[i] !== maximum) return false;
  return true;
}

function transparent(path: string): SampleError {
  return new SampleError(
    'alpha',
    `${path}: the image is partly transparent; set image.alpha to drop, or to blend over a colour`,
  );
}

function withoutAlpha(raster: Raster): Raster {
  const channels = raster.channels - 1;
  const out = sameType(raster.data, (raster.data.length / raster.channels) * channels);
  for (let from = 0, to = 0; from < raster.data.length; from += raster.channels) {
    for (let c = 0; c < channels; c++) out[to++] = raster.data[from + c] as number;
  }
  return {...raster, data: out, channels};
}

function blend(raster: Raster, colour: readonly [number, number, number]): Raster {
  const maximum = raster.maximum ?? 1;
  const grey = raster.channels === 2;
  const channels = grey && colour[0] === colour[1] && colour[1] === colour[2] ? 1 : 3;
  const out = sameType(raster.data, (raster.data.length / raster.channels) * channels);
  for (let from = 0, to = 0; from < raster.data.length; from += raster.channels) {
    const alpha = (raster.data[from + raster.channels - 1] as number) / maximum;
    for (let c = 0; c < channels; c++) {
      const value = raster.data[grey ? from : from + c] as number;
      const under = ((colour[c] as number) * maximum) / 255;
      const mixed = under + (value - under) * alpha;
      out[to++] = raster.maximum === null ? mixed : Math.floor(mixed + 0.5);
    }
  }
  return {...raster, data: out, channels};
}

function sameType(data: PixelData, length: number): PixelData {
  return new (data.constructor as new (length: number) => PixelData)(length);
}
