import type {PixelData} from '../kernels/view.js';
import {unsupported} from './format.js';
import {type Row, readShaper, type Shaper} from './profile-shaper.js';
import {convertByTables} from './profile-tables.js';
import type {Raster} from './raster.js';
import {damaged, type StoredImage} from './stored.js';

/**
 * Pixels converted from their embedded profile to sRGB at their depth, rounded half up; grey stays grey, CMYK becomes
 * RGB, alpha is left alone. Profiles of matrix and curves are computed in float64, those of tables, CMYK among them, by
 * littlecms at 8 bits. An image without a profile counts as sRGB and is kept.
 * Throws SampleError `unsupported-format` for CMYK without a profile, for tables at other than 8 bits and for numbers
 * that are no unsigned integers of up to 16 bits, `decode-failed` for a profile that cannot be applied.
 */
export async function convertProfile(stored: StoredImage, path: string): Promise<StoredImage> {
  const {raster, alpha, profile} = stored;
  if (!profile) {
    if (stored.cmyk) throw unsupported(path, 'a CMYK image without a profile cannot be converted to RGB');
    return stored;
  }
  const {data, maximum} = raster;
  const count = raster.channels - Number(alpha);
  if (count !== (stored.cmyk ? 4 : 3) && count !== 1) {
    throw unsupported(path, `image.icc convert needs grey, RGB or CMYK, this image has ${count} channels`);
  }
  if (!(data instanceof Uint8Array || data instanceof Uint16Array) || maximum === null) {
    throw unsupported(path, 'image.icc convert needs unsigned integers of at most 16 bits; set it to ignore');
  }
  const colours = alpha ? channelsOf(raster, 0, count) : raster;
  const shaper = stored.cmyk ? null : readShaper(profile, count);
  const converted = shaper ? shape(colours, shaper, maximum) : await byTables(colours, profile, path);
  return {raster: alpha ? join(converted, channelsOf(raster, count, count + 1)) : converted, alpha};
}

async function byTables(colours: Raster, profile: Buffer, path: string): Promise<Raster> {
  const {data, maximum, channels} = colours;
  const useless = damaged(path, 'its embedded profile is damaged, or of other colours; set image.icc to ignore');
  if (channels === 1) throw useless;
  if (!(data instanceof Uint8Array) || maximum !== 255) {
    if (!profile.includes('A2B0')) throw useless;
    throw unsupported(path, 'image.icc convert applies a profile of tables to 8 bits only; set it to ignore');
  }
  const converted = await convertByTables({...colours, data}, profile);
  if (!converted) throw useless;
  return converted;
}

function shape(colours: Raster, {curves, toLinearSrgb}: Shaper, maximum: number): Raster {
  const {data, channels} = colours;
  const linear = curves.map((curve) => Float64Array.from({length: maximum + 1}, (_, level) => curve(level / maximum)));
  const [red, green = red, blue = red] = linear as [Float64Array, Float64Array, Float64Array];
  const out = new (data.constructor as new (length: number) => PixelData)(data.length);
  const level = (value: number) => Math.floor(encode(value) * maximum + 0.5);
  for (let i = 0; i < data.length; i += channels) {
    const r = red[data[i] as number] as number;
    if (toLinearSrgb === null) {
      out[i] = level(r);
      continue;
    }
    const g = green[data[i + 1] as number] as number;
    const b = blue[data[i + 2] as number] as number;
    for (let c = 0; c < 3; c++) {
      const [fromRed, fromGreen, fromBlue] = toLinearSrgb[c] as Row;
      out[i + c] = level(fromRed * r + fromGreen * g + fromBlue * b);
    }
  }
  return {...colours, data: out};
}

/** sRGB's transfer function (IEC 61966-2-1), colours outside clipped. */
function encode(linear: number): number {
  if (!(linear > 0)) return 0;
  if (linear <= 0.0031308) return 12.92 * linear;
  return linear < 1 ? 1.055 * linear ** (1 / 2.4) - 0.055 : 1;
}

/** Some of the channels, `from` to before `to`. */
function channelsOf(raster: Raster, from: number, to: number): Raster {
  const {data, channels} = raster;
  const out = new (data.constructor as new (length: number) => PixelData)((data.length / channels) * (to - from));
  for (let at = 0, pixel = 0; pixel < data.length; pixel += channels) {
    for (let c = from; c < to; c++) out[at++] = data[pixel + c] as number;
  }
  return {...raster, data: out, channels: to - from};
}

function join(colours: Raster, alpha: Raster): Raster {
  const channels = colours.channels + 1;
  const data = new (alpha.data.constructor as new (length: number) => PixelData)(alpha.data.length * channels);
  for (let pixel = 0; pixel < alpha.data.length; pixel++) {
    for (let c = 0; c < colours.channels; c++) {
      data[pixel * channels + c] = colours.data[pixel * colours.channels + c] as number;
    }
    data[pixel * channels + colours.channels] = alpha.data[pixel] as number;
  }
  return {...colours, data, channels};
}
