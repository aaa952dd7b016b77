import type {Raster} from '../../src/images/raster.js';
import {floats, type Rasters} from '../losses/score.js';
import {readPng} from '../png.js';

const photo = (side: 'pred' | 'target', key: string) =>
  readPng(new URL(`../../fixtures/photos/${side}/${key}.png`, import.meta.url));

const PHOTOS = ['000', '003', '005', '009', '011'];

/** Crops of that size from the bundled photographs and their distorted forms, all different, each with a weight and an ignore map. */
export async function photoCrops(count: number, height: number, width: number): Promise<Rasters[]> {
  const photos = await Promise.all(PHOTOS.map(async (key) => [await photo('pred', key), await photo('target', key)]));
  return Array.from({length: count}, (_, i) => {
    const [pred, target] = photos[i % photos.length] as [Raster, Raster];
    const top = (i * 41) % (pred.height - height);
    const left = (i * 67) % (pred.width - width);
    const weight = floats(
      height,
      width,
      1,
      Array.from({length: height * width}, (_, p) => ((p * 7 + i) % 5) / 4),
    );
    const corner = (p: number) => Math.floor(p / width) < 4 && p % width < 3 + (i % 6);
    const ignore = {...weight, data: weight.data.map((_, p) => (corner(p) ? 1 : 0))};
    return {pred: crop(pred, top, left, height, width), target: crop(target, top, left, height, width), weight, ignore};
  });
}

/** The crops as foreground probabilities (8-bit red levels) against masks (where the target's are bright). */
export function asMasks(crops: readonly Rasters[]): Rasters[] {
  return crops.map(({pred, target, ...weights}) => ({
    ...weights,
    pred: eachPixel(pred as Raster, 1, ([red = 0]) => [red]),
    target: eachPixel(target as Raster, 1, ([red = 0]) => [red > 100 ? 255 : 0]),
  }));
}

/** The crops as foreground probabilities over the whole of 0 to 255 against masks, both with foreground and background. */
export function asStretchedMasks(crops: readonly Rasters[]): Rasters[] {
  return crops.map(({pred, target, ...weights}) => ({
    ...weights,
    pred: eachPixel(pred as Raster, 1, stretched(pred as Raster)),
    target: masked(eachPixel(target as Raster, 1, stretched(target as Raster))),
  }));
}

function masked(image: Raster): Raster {
  return {...image, data: image.data.map((level) => (level > 100 ? 255 : 0))};
}

/** Red levels moved so that the darkest is 0 and the brightest 255. */
function stretched({data, channels}: Raster): (levels: readonly number[]) => [number] {
  const reds = Array.from(data).filter((_, i) => i % channels === 0);
  const [low, high] = [Math.min(...reds), Math.max(...reds)];
  return ([red = 0]) => [Math.round((255 * (red - low)) / Math.max(1, high - low))];
}

/** The crops as float scores of three classes, against the brightest channel as label. */
export function asClasses(crops: readonly Rasters[]): Rasters[] {
  return crops.map(({pred, target, ...weights}) => ({
    ...weights,
    pred: inFloat(eachPixel(pred as Raster, 3, (levels) => levels.map((level) => level / 32 - 4))),
    target: eachPixel(target as Raster, 1, (levels) => [levels.indexOf(Math.max(...levels))]),
  }));
}

/** The crops as distributions over three classes, on both sides. */
export function asDistributions(crops: readonly Rasters[]): Rasters[] {
  const distribution = (levels: readonly number[]) => {
    const masses = levels.map((level) => level + 1);
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    return masses.map((mass) => mass / total);
  };
  return crops.map(({pred, target, ...weights}) => ({
    ...weights,
    pred: inFloat(eachPixel(pred as Raster, 3, distribution)),
    target: inFloat(eachPixel(target as Raster, 3, distribution)),
  }));
}

/** The crops as raw scores against signs. */
export function asSigns(crops: readonly Rasters[]): Rasters[] {
  return crops.map(({pred, target, ...weights}) => ({
    ...weights,
    pred: inFloat(eachPixel(pred as Raster, 1, ([red = 0]) => [red / 64 - 2])),
    target: inFloat(eachPixel(target as Raster, 1, ([red = 0]) => [red > 100 ? 1 : -1])),
  }));
}

function crop(image: Raster, top: number, left: number, height: number, width: number): Raster {
  const {channels} = image;
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    data.set(image.data.subarray(from, from + width * channels), y * width * channels);
  }
  return {...image, data, height, width};
}

/** An image made pixel by pixel. The data are float64 until they are stored as bytes. */
function eachPixel(image: Raster, channels: number, of: (levels: readonly number[]) => readonly number[]): Raster {
  const {height, width} = image;
  const values = new Float64Array(height * width * channels);
  for (let p = 0; p < height * width; p++) {
    values.set(of(Array.from(image.data.subarray(p * image.channels, (p + 1) * image.channels))), p * channels);
  }
  const whole = values.every((value) => Number.isInteger(value) && value >= 0);
  return {height, width, channels, maximum: whole ? 255 : null, data: whole ? Uint8Array.from(values) : values};
}

function inFloat(image: Raster): Raster {
  return {...image, data: Float32Array.from(image.data), maximum: null};
}
